"""The benchmarks run, hold both sides to the same answers, and print what their readers count on."""
import json
import os
import re
import subprocess
import unittest

BENCH = os.environ.get("KITH_BENCH")
WORKLOADS = "put_many put_many_more put record_many tag_where tag_and_not_tag get find timeline".split()


@unittest.skipUnless(BENCH, "KITH_BENCH does not name kith_bench")
class Bench(unittest.TestCase):
    def run_bench(self, *words):
        return subprocess.run([BENCH, "--leads", "1000", *words], capture_output=True, text=True, timeout=250)

    def test_table(self):
        done = self.run_bench()
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        lines = done.stdout.splitlines()
        self.assertEqual([line.split()[0] for line in lines[1:10]], WORKLOADS)
        self.assertIn("Both sides left the same rows and gave the same answers, in 3 runs each.", lines)
        limits = [re.match(r"(\w+) +([\d.]+) +([\d.]+)(   MISSED)?$", line) for line in lines[-3:]]
        self.assertEqual([(limit[1], limit[3]) for limit in limits], [("open", "5.0"), ("count_tag", "0.1"), ("count_list", "0.1")])
        for limit in limits:  # how fast the machine is decides, but it must be said
            missed = limit[4] is not None
            self.assertTrue(float(limit[2]) >= float(limit[3]) if missed else float(limit[2]) <= float(limit[3]), limit[0])

    def test_json(self):
        done = self.run_bench("--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = json.loads(done.stdout)
        self.assertEqual([row["workload"] for row in rows], [name for name in WORKLOADS if name != "put_many_more"])
        for row in rows:
            self.assertEqual(set(row), {"workload", "n", "kith_per_s", "sqlite_per_s", "ratio"})
            self.assertTrue(all(row[key] > 0 for key in ("n", "kith_per_s", "sqlite_per_s", "ratio")), row)
        self.assertIn("count_list", done.stderr)

    def test_wrong_words(self):
        self.assertEqual(subprocess.run([BENCH, "--lead", "5"], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()
