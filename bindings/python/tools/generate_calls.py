"""Writes calls.cpp: the methods of _kith.Handle, one for each function of bindings/kith.json that acts on a database.
The build runs it, so a new function of kith.h is there after the next build. What it cannot make is refused, by name."""
import json
import sys

# Written by hand in src/, because they take tables, streams, or no part in the turn of calls.
BY_HAND = {"kith_open", "kith_close", "kith_cancel", "kith_rollback", "kith_put_many", "kith_record_many",
           "kith_put_stream", "kith_put_batch"}
# Short, or not to be cut in two: Ctrl-C waits for them.
NEVER_INTERRUPTED = {"kith_begin", "kith_commit"}

HEAD = """// Generated from bindings/kith.json by tools/generate_calls.py, at every build: do not edit.
#include "handle.h"
#include "rows.h"

namespace kithpy {
namespace {

"""


class Method:
    """One function: what is read from the arguments, what is handed to C, what comes back."""

    def __init__(self, function):
        self.name = function["name"]
        self.read, self.given, self.outs, self.shown = [], ["db"], [], []
        params = function["params"][1:]
        while params:
            self.parameter(params.pop(0))

    def parameter(self, param):
        role, name, number = param["role"], param["name"], len(self.shown)
        if role == "text":
            self.shown.append(name)
            self.read.append((f"const char* {name};", f'text_of(PyTuple_GetItem(given, {number}), "{name}", keep, {name})'))
            self.given.append(name)
        elif role in ("fields", "with"):
            self.shown.append(name)
            repeat = "true" if role == "with" else "false"
            self.read.append((f"std::vector<kith_field> {name};", f"fields_of(PyTuple_GetItem(given, {number}), {repeat}, keep, {name})"))
            self.given += [f"{name}.data()", f"{name}.size()"]
        elif role == "query":
            self.shown.append(name)
            self.read.append((f"Query {name};", f"{name}.parse(PyTuple_GetItem(given, {number}), keep)"))
            self.given.append(f"{name}.c()")
        elif role == "integer":
            self.shown.append(name)
            self.read.append((f"long long {name};", f"integer_of(PyTuple_GetItem(given, {number}), {name})"))
            self.given.append(f"static_cast<{param['c']}>({name})")
        elif role == "out" and param["of"] == "kith_rows":
            self.outs.append(("rows", f"OwnedRows {name};", name))
            self.given.append(f"&{name}.rows")
        elif role == "out_integer":
            self.outs.append(("integer", f"{param['c'].rstrip(' *')} {name} = 0;", name))
            self.given.append(f"&{name}")
        elif role == "err":
            self.given.append("error")
        elif role != "count":
            raise SystemExit(f"generate_calls: {self.name} has a parameter {name} of role {role}: write it by hand in src/ and list it in BY_HAND")

    def text(self):
        gives_rows = any(kind == "rows" for kind, _, _ in self.outs)
        count = len(self.shown) + (2 if gives_rows else 0)  # and the owner and the type of the rows
        lines = [f"PyObject* call_{self.name}(PyObject* self, PyObject* given) {{",
                 f'  if (!takes(given, {count}, "{self.name}")) return nullptr;', "  Keep keep;"]
        lines += [f"  {declaration}" for declaration, _ in self.read]
        if self.read:
            lines.append(f"  if (!({' && '.join(test for _, test in self.read)})) return nullptr;")
        lines += [f"  {declaration}" for _, declaration, _ in self.outs]
        never = ", Interrupt::never" if self.name in NEVER_INTERRUPTED else ""
        lines.append(f"  auto work = [&](kith_db* db, kith_error** error) {{ return {self.name}({', '.join(self.given)}); }};")
        act = f", Act::{self.name[5:]}" if self.name in NEVER_INTERRUPTED else ""
        lines.append(f"  if (!run(core_of(self), work{never}{act})) return nullptr;")
        if gives_rows:
            rows = next(name for kind, _, name in self.outs if kind == "rows")
            lines.append(f"  return rows_for(given, {len(self.shown)}, {rows}.take());")
        elif not self.outs:
            lines.append("  Py_RETURN_NONE;")
        else:
            names = [name for _, _, name in self.outs]
            form = "L" * len(names)
            values = ", ".join(f"static_cast<long long>({name})" for name in names)
            lines.append(f'  return Py_BuildValue("{form}", {values});')
        return "\n".join([*lines, "}", ""])

    def entry(self):
        short = self.name[len("kith_"):]
        shown = ", ".join(self.shown)
        return f'    {{"{short}", guarded<call_{self.name}>, METH_VARARGS, "{self.name}({shown})"}},\n'


HELPERS = """bool takes(PyObject* args, Py_ssize_t count, const char* name) {
  if (PyTuple_Size(args) == count) return true;
  PyErr_Format(PyExc_TypeError, "%s takes %zd arguments", name, count);
  return false;
}

bool integer_of(PyObject* object, long long& out) {
  out = PyLong_AsLongLong(object);
  return out != -1 || PyErr_Occurred() == nullptr;
}

PyObject* rows_for(PyObject* args, Py_ssize_t first, kith_rows* rows) {
  PyObject* owner = PyTuple_GetItem(args, first);
  PyObject* type = PyTuple_GetItem(args, first + 1);
  return make_rows(rows, owner == Py_None ? nullptr : owner, type == Py_None ? row_type : reinterpret_cast<PyTypeObject*>(type));
}

"""


def made(functions):
    """The functions that become methods by themselves."""
    return [f for f in functions if f["params"] and f["params"][0]["c"] == "kith_db *" and f["name"] not in BY_HAND]


def main(source, target):
    with open(source, encoding="utf-8") as file:
        functions = json.load(file)["functions"]
    methods = [Method(function) for function in made(functions)]
    text = HEAD + HELPERS + "\n".join(method.text() for method in methods) + "\n}  // namespace\n\n"
    text += "PyMethodDef generated_methods[] = {\n" + "".join(method.entry() for method in methods)
    text += "    {nullptr, nullptr, 0, nullptr}};\n\n}  // namespace kithpy\n"
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
