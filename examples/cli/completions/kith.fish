# Completion of kith for fish. It asks the command itself, which knows the tags, lists and fields of the file.
function __kith_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l answers ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    if test "$answers[1]" = files
        __fish_complete_path "$current"
    else
        printf '%s\n' $answers[2..-1]
    end
end
complete -c kith -f -a '(__kith_complete)'
