# Completion of kith for bash. It asks the command itself, which knows the tags, lists and fields of the file.
_kith() {
  local words=() piece rest trimmed strip quote='' answers directive candidate i
  # Readline parts words at = : and @ (email=, external:7, ada@...): put them together again.
  rest=${COMP_LINE:0:COMP_POINT}
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    trimmed=${rest#"${rest%%[![:space:]]*}"}
    [[ $trimmed == "$piece"* ]] || piece=$trimmed # the cursor is inside of the word
    if [[ $rest == "$trimmed" && $i -gt 0 && -n $rest ]]; then
      strip=${words[-1]}
      words[-1]+=$piece
    else
      strip=''
      words+=("$piece")
    fi
    rest=${trimmed#"$piece"}
  done
  # What readline will replace is the last piece only, and a separator not at all.
  [[ -n $strip && $piece == [=:@]* ]] && strip=${words[-1]}
  for i in "${!words[@]}"; do
    piece=${words[i]}
    quote=''
    case $piece in
      \'*) quote=\' piece=${piece#\'} piece=${piece%\'} ;;
      \"*) quote=\" piece=${piece#\"} piece=${piece%\"} ;;
      *) piece=${piece//\\/} ;;
    esac
    words[i]=$piece
  done
  mapfile -t answers < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  directive=${answers[0]}
  COMPREPLY=()
  case $directive in
    files) compopt -o default; return ;;
    partial) compopt -o nospace ;;
  esac
  for candidate in "${answers[@]:1}"; do
    candidate=${candidate%%$'\t'*}
    candidate=${candidate#"$strip"}
    [[ -n $quote || $candidate != *[!a-zA-Z0-9_@%+=:,./-]* ]] || printf -v candidate %q "$candidate"
    COMPREPLY+=("$candidate")
  done
}
complete -F _kith kith
