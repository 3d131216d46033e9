# Prints the definitions of the functions named in `names` (space-separated) from a C file in the
# kernel's style: a definition starts in column one, and its braces stand alone in column one.
BEGIN {
  count = split(names, list, " ")
  for (i = 1; i <= count; i++) wanted[list[i]] = 1
}
!inside && !candidate && /^[a-zA-Z_].*\(/ {
  head = $0
  sub(/\(.*/, "", head)
  words = split(head, word, /[ \t*]+/)
  if (word[words] in wanted) {
    candidate = 1
    name = word[words]
    text = ""
  }
}
candidate {
  text = text $0 "\n"
  if ($0 ~ /^{/) {
    printf "%s", text
    inside = 1
    candidate = 0
    found[name] = 1
    next
  }
  if ($0 ~ /;[ \t]*$/) candidate = 0  # only a declaration
  next
}
inside {
  print
  if ($0 ~ /^}/) {
    inside = 0
    print ""
  }
}
END {
  for (name in wanted) {
    if (name in found) continue
    print "extract_functions: no " name " in " FILENAME > "/dev/stderr"
    missing = 1
  }
  exit missing
}
