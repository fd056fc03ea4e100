# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of argo-patch for bash: commands, options, domains, ports, files.

_argo_patch() {
    local current=${COMP_WORDS[COMP_CWORD]} command= word i words=
    # A port's colon separates words for bash: put the pieces together again.
    local line=${COMP_LINE:0:COMP_POINT}
    current=${line##*[[:space:]]}
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        -*) ;;
        *) command=$word; break ;;
        esac
    done
    case $current in
    -*)
        case $command in
        connect) words="--new --replace" ;;
        disconnect) words="--all" ;;
        list | show) words="--json" ;;
        watch) words="--json --interval" ;;
        apply) words="--dry-run" ;;
        '') words="--services --run-dir --help --version" ;;
        esac
        words="$words --help"
        ;;
    *)
        case $command in
        '') words="connect disconnect list show watch apply save check complete" ;;
        connect) words=$(argo-patch complete ports 2>/dev/null) ;;
        disconnect)
            case $line in
            *--all*) words=$(argo-patch complete domains 2>/dev/null) ;;
            *) words=$(argo-patch list 2>/dev/null | cut -d ' ' -f 1) ;;
            esac
            ;;
        list | show) words=$(argo-patch complete domains 2>/dev/null) ;;
        apply | check)
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        complete) words="domains ports services" ;;
        esac
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        local before=${current%"${current##*:}"}
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
}
complete -F _argo_patch argo-patch
