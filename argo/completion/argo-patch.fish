# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of argo-patch for fish: commands, options, domains, ports, files.

# Ports. To a domain and a colon that have been typed fish would add a space; no word is the colon alone.
function __argo_patch_ports
    set -l typed (commandline -ct | string unescape | string match '*:'; or echo :)
    argo-patch complete ports 2>/dev/null | string match -v -- $typed
end

set -l commands connect disconnect list show watch up apply save check complete
# `up` is a command, and for others an end of cables.
set -l up '__fish_seen_subcommand_from up; and not __fish_seen_subcommand_from disconnect list show complete'
complete -c argo-patch -f
complete -c argo-patch -l services -r -F -d 'names for ports'
complete -c argo-patch -l run-dir -r -a '(__fish_complete_directories)' -d 'folder of the lock'
complete -c argo-patch -l help -d 'more about it'
complete -c argo-patch -n "not __fish_seen_subcommand_from $commands" -l version -d 'the version'
complete -c argo-patch -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c argo-patch -n '__fish_seen_subcommand_from connect' -a '(__argo_patch_ports)'
complete -c argo-patch -n '__fish_seen_subcommand_from connect' -l new -d 'fail if there is one'
complete -c argo-patch -n '__fish_seen_subcommand_from connect' -l replace -d 'fail if there is none'
complete -c argo-patch -n '__fish_seen_subcommand_from disconnect' -l all -d 'all from and to these domains'
complete -c argo-patch -n '__fish_seen_subcommand_from disconnect; and not __fish_contains_opt all' \
    -a '(argo-patch complete cables 2>/dev/null)'
complete -c argo-patch -n '__fish_seen_subcommand_from disconnect; and __fish_contains_opt all' \
    -a '(argo-patch complete domains 2>/dev/null)'
complete -c argo-patch -n '__fish_seen_subcommand_from list show' -a '(argo-patch complete domains 2>/dev/null)'
complete -c argo-patch -n '__fish_seen_subcommand_from list show watch' -l json -d 'as JSON'
complete -c argo-patch -n '__fish_seen_subcommand_from watch' -l interval -r -d 'seconds between two looks'
complete -c argo-patch -n "$up" -a '(argo-patch complete up 2>/dev/null)'
complete -c argo-patch -n "$up" -l json -d 'as JSON'
complete -c argo-patch -n '__fish_seen_subcommand_from apply' -l dry-run -d 'only say what would be done'
complete -c argo-patch -n '__fish_seen_subcommand_from apply check' -F
complete -c argo-patch -n '__fish_seen_subcommand_from complete' -a 'domains ports services cables up'
