# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of argo-patch for bash: commands, options, domains, ports, files.
#
# bash ends a word at a colon, and hands over what has been typed with its quotes. So the line is read here: `before` are
# the words before the one at the cursor, `current` is that one, both without quotes, `quote` what is still open in it.

_argo_patch_line() {
    local line=${COMP_LINE:0:COMP_POINT} c i started=
    before=() current='' quote=''
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        if [[ $quote == \' && $c != \' || $quote == \" && $c != [\"\\] ]]; then
            current+=$c
        elif [[ $c == \\ ]]; then
            ((++i))
            current+=${line:i:1}
            started=yes
        elif [[ $c == [\'\"] ]]; then
            [[ $quote ]] && quote='' || quote=$c
            started=yes
        elif [[ $c == [[:space:]] ]]; then
            [[ $started ]] && before+=("$current")
            current='' started=''
        else
            current+=$c
            started=yes
        fi
    done
}

_argo_patch() {
    local before current quote command='' last='' word words=''
    _argo_patch_line
    for word in "${before[@]:1}"; do
        case $last in
        --services | --run-dir) ;;
        *) [[ $word == -* ]] || { command=$word; break; } ;;
        esac
        last=$word
    done
    case ${before[-1]} in
    --services | --run-dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --interval) return ;;
    esac
    case $current in
    -*)
        case $command in
        connect) words=$'--new\n--replace' ;;
        disconnect) words=--all ;;
        list | show | up) words=--json ;;
        watch) words=$'--json\n--interval' ;;
        apply) words=--dry-run ;;
        '') words=$'--services\n--run-dir\n--version' ;;
        esac
        words+=$'\n--help'
        ;;
    *)
        case $command in
        '') words=$'connect\ndisconnect\nlist\nshow\nwatch\nup\napply\nsave\ncheck\ncomplete' ;;
        connect) words=$(argo-patch complete ports 2>/dev/null) ;;
        disconnect)
            case " ${before[*]} " in
            *' --all '*) words=$(argo-patch complete domains 2>/dev/null) ;;
            *) words=$(argo-patch complete cables 2>/dev/null) ;;
            esac
            ;;
        list | show) words=$(argo-patch complete domains 2>/dev/null) ;;
        up) words=$(argo-patch complete up 2>/dev/null) ;;
        apply | check)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        complete) words=$'domains\nports\nservices\ncables\nup' ;;
        esac
        ;;
    esac
    # What bash replaces begins behind the last colon that is not in quotes.
    local replaced=''
    [[ $current == *:* && $COMP_WORDBREAKS == *:* && ! $quote ]] && replaced=${current%"${current##*:}"}
    COMPREPLY=()
    while IFS= read -r word; do
        [[ $word == "$current"* ]] || continue
        # A domain and a colon want a port; when they are there already, there is nothing to add.
        if [[ $word == *: ]]; then
            [[ $word == "$current" ]] && continue
            compopt -o nospace 2>/dev/null
        fi
        word=${word#"$replaced"}
        [[ $quote ]] || printf -v word %q "$word"
        COMPREPLY+=("$word")
    done <<<"$words"
}
complete -F _argo_patch argo-patch
