"""Runs a scenario through the kith command: README.md beside this file has the language."""
import os
import shlex
import subprocess
import sys
import tempfile

COMPARED = {"find", "count", "search", "get"}


def main(kith, path):
    lines = open(path, encoding="utf-8").read().split("\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith("KITH_")}
    steps = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "scenario.kith")
        i = 0
        while i < len(lines):
            line = lines[i]
            i += 1
            if line.startswith("now "):
                env["KITH_NOW"] = line[4:]
            if not line.startswith("> "):
                continue
            steps += 1
            expected = []
            while i < len(lines) and not lines[i].startswith(("> ", "# ", "now ")):
                expected.append(lines[i])
                i += 1
            while expected and expected[-1] == "" and i >= len(lines):
                expected.pop()
            words = shlex.split(line[2:])
            if words[0] == "erase":
                words.append("--yes")
            run = subprocess.run([kith, "-f", file, *words], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            refusal = expected[0][2:] if expected and expected[0].startswith("! ") else None
            problem = None
            if refusal is not None:
                if run.returncode != 1 or refusal not in run.stderr:
                    problem = f"should be refused with {refusal!r}: exit {run.returncode}, {run.stdout}{run.stderr}"
            elif run.returncode != 0:
                problem = f"exit {run.returncode}: {run.stderr}"
            elif words[0] in COMPARED:
                answer = run.stdout.split("\n")[:-1]
                if words[0] == "count" and answer[:1] != ["count"]:
                    answer = ["count", *answer]
                if answer != expected:
                    problem = "answers\n  " + "\n  ".join(answer)
            if problem:
                failures += 1
                print(f"{path}:{i}: {line} {problem}", file=sys.stderr)
    print(f"{steps} steps, {failures} wrong")
    return 1 if failures or not steps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
