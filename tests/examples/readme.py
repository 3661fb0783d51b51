"""Compiles and runs the C of README.md, then its commands on the file that it left."""
import os
import re
import shlex
import subprocess
import sys
import tempfile

root, compiler, library, kith = sys.argv[1:5]
text = open(os.path.join(root, "README.md"), encoding="utf-8").read()
code = re.search(r"```c\n(.*?)```", text, re.S).group(1)
commands = re.search(r"```sh\n(.*?)```", text, re.S).group(1)
include, body = code.split("\n\n", 1)

with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "readme.c")
    with open(source, "w", encoding="utf-8") as out:
        out.write(f"{include}\nint main(void) {{\n{body}return 0;\n}}\n")
    program = os.path.join(folder, "readme")
    where = os.path.dirname(library)
    subprocess.run([compiler, "-Wall", "-Werror", "-I" + os.path.join(root, "include"), source, library, "-Wl,-rpath," + where, "-o", program], check=True)
    subprocess.run([program], cwd=folder, check=True)
    answers = []
    for line in commands.strip().split("\n"):
        words = shlex.split(line)
        assert words[0] == "kith", line
        answers.append(subprocess.run([kith, *words[1:]], cwd=folder, check=True, capture_output=True, text=True).stdout)
    assert answers[0] == "email\tfirst_name\nada@example.com\tAda\n", answers[0]
    assert "tag.assigned" in answers[1] and "lead.created" in answers[1], answers[1]
