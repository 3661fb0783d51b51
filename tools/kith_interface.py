"""The rules of Kith's interface, over what kith_header reads: which part each parameter plays, what may be NULL,
how structs lie in memory. A header that breaks a rule is refused; the result is what bindings/kith.json holds."""
import re

import kith_header
from kith_header import CLOSERS, FOREIGN, SCALARS, HeaderError

FIRST_VERSION = "0.1"
NAMED = ("aliases", "opaque", "foreign", "structs", "inline", "functions")


def interface(text):
    """bindings/kith.json as data: the header's declarations with roles, optional parameters, layouts, versions."""
    model = kith_header.read(text)
    opaque = [o["name"] for o in model["opaque"]]
    names = {e["name"]: e for group in NAMED for e in model[group]}
    for enum in model["enums"]:
        check_enum(enum)
    for struct in model["structs"]:
        struct["layout"] = layout(struct, model)
    for function in model["functions"]:
        understand(function, opaque, names)
    for one in model["opaque"]:
        one["free"] = closer(one, model["functions"])
        if "see" in names[one["free"]]:
            names[one["free"]]["see"] = one["name"]
    for group in ("aliases", "enums", "opaque", "structs", "inline", "functions"):
        for entry in model[group]:
            entry["since"] = since(entry)
            if group in ("functions", "structs", "opaque") and not entry["doc"] and "see" not in entry:
                raise HeaderError(entry["line"], f"{entry['name']} is not documented")
    return model


def entries(model):
    return [e for group in model.values() if isinstance(group, list) for e in group if isinstance(e, dict)]


def published(model):
    """The interface without what only says where in the header a declaration stands."""
    for entry in entries(model):
        for key in ("line", "block"):
            entry.pop(key, None)
    return model


def spoken(entry, names):
    """The text that speaks for a declaration: its own, or that of the one above it in the same block."""
    return entry["doc"] or (names[entry["see"]]["doc"] if "see" in entry else "")


def since(entry):
    found = re.findall(r"\bSince (\d+\.\d+)\.", entry["doc"])
    return found[0] if found else FIRST_VERSION


# -- enums and structs -----------------------------------------------------------------------------------


def check_enum(enum):
    enum["bits"] = enum["for"].split(".")[-1] == "flags"
    seen = set()
    for constant in enum["constants"]:
        name, value = constant["name"], constant["value"]
        if not name.startswith("KITH_"):
            raise HeaderError(enum["line"], f"{name} does not begin with KITH_")
        if value in seen:
            raise HeaderError(enum["line"], f"{name} has the value of another constant, {value}")
        if not -2**31 <= value < 2**31:
            raise HeaderError(enum["line"], f"{name} does not fit an int32_t")
        if enum["bits"] and (value <= 0 or value & (value - 1)):
            raise HeaderError(enum["line"], f"{name} is a flag, and its value {value} is not one bit")
        seen.add(value)


def size_of(c, model):
    if "*" in c:
        return 8
    aliases = {a["name"]: a["c"] for a in model["aliases"]}
    base = aliases.get(c.replace("const ", ""), c.replace("const ", ""))
    return SCALARS.get(base)


def layout(struct, model):
    """Where the fields lie on a 64-bit machine; tests/abi/check_headers.py holds a compiler to it."""
    at, align, offsets = 0, 1, {}
    for field in struct["fields"]:
        size = size_of(field["c"], model)
        if size is None:
            raise HeaderError(struct["line"], f"{struct['name']}.{field['name']}: a struct holds scalars and "
                              f"pointers, not {field['c']}")
        at += -at % size
        offsets[field["name"]] = at
        at += size
        align = max(align, size)
    return {"size": at + -at % align, "offsets": offsets}


def closer(opaque, functions):
    name = opaque["name"]
    wanted = CLOSERS.get(name, name + "_free")
    for function in functions:
        if function["name"] == wanted:
            if function["returns"]["c"] != "void" or [p["c"] for p in function["params"]] != [name + " *"]:
                raise HeaderError(function["line"], f"{wanted} must be void {wanted}({name} *)")
            return wanted
    raise HeaderError(opaque["line"], f"{name} has no {wanted}")


# -- functions -------------------------------------------------------------------------------------------


def understand(function, opaque, names):
    """Gives every parameter of a function its role, and judges the signature as a whole."""
    line, name, params = function["line"], function["name"], function["params"]
    doc = spoken(function, names)
    position = 0
    while position < len(params):
        position += role(function, position, opaque)
    for param in params:
        if param["role"] in ("text", "query", "options", "out"):
            param["optional"] = may_be_null(param["name"], doc)
    fails = function["returns"]["c"] == "kith_status" and params[0]["c"] != "const kith_error *"
    function["returns"]["role"] = returned(function, fails, doc)
    last = params[-1]["role"] if params else ""
    if fails != (last == "err"):
        raise HeaderError(line, f"{name} must both answer a kith_status and take kith_error **err last, or neither")
    order = [p["role"] for p in params]
    if order.count("handle") > 1 or "handle" in order[1:]:
        raise HeaderError(line, f"{name}: one handle, and it comes first")
    outputs = [r in ("out", "out_integer", "arrow_out", "err") for r in order]
    if outputs != sorted(outputs):
        raise HeaderError(line, f"{name}: outputs come after inputs")


def may_be_null(name, doc):
    """Whether the text says that this parameter may be NULL, in one of the header's three phrases."""
    return bool(re.search(rf"\bNULL {name}\b(?! is MISUSE)|`{name}`(;[^.;]*)? may be NULL|\b{name} or NULL\b", doc))


def returned(function, fails, doc):
    c = function["returns"]["c"]
    if c == "kith_status":
        return "status" if fails else "integer"
    if c == "const char *":
        function["returns"]["optional"] = bool(re.search(r"(^|[.;] )NULL: ", doc))
        return "text"
    roles = {"void": "nothing", "double": "real", "int32_t": "integer", "int64_t": "integer", "size_t": "integer"}
    if c not in roles:
        raise HeaderError(function["line"], f"{function['name']} answers {c}, which no binding could own or borrow")
    return roles[c]


def role(function, position, opaque):
    """Names the part that a parameter plays, and answers how many parameters belong together."""
    params = function["params"]
    param = params[position]
    name, c = param["name"], param["c"]
    bare = c.replace("const ", "").replace("struct ", "").split(" ")[0]

    def plays(what, count=1, **more):
        for offset in range(count):
            params[position + offset].update(role=what if offset == 0 else "count", **(more if offset == 0 else {}))
        return count

    if c == "kith_error **":
        if name != "err" or position != len(params) - 1:
            raise HeaderError(function["line"], f"{function['name']}: kith_error ** is called err and comes last")
        return plays("err", optional=True)
    if c.endswith(" **") and bare in opaque:
        return plays("out", of=bare)
    if c in (f"{bare} *", f"const {bare} *") and bare in opaque:
        return plays("handle", optional=False, of=bare)
    if c == "const char *":
        return plays("text")
    if c == "const kith_query *":
        return plays("query")
    if c == "const kith_options *":
        return plays("options")
    if c == "const kith_field *":
        behind = [(p["c"], p["name"]) for p in params[position + 1:position + 3]]
        if behind == [("size_t", "width"), ("size_t", "height")]:
            return plays("table", 3, optional=True, counts=["width", "height"])
        stem = name[:-1] if name.endswith("s") else name
        if behind[:1] == [("size_t", stem + "_count")]:
            return plays("with" if name == "with" else "fields", 2, optional=True, counts=[stem + "_count"])
        raise HeaderError(function["line"], f"{function['name']}: {name} needs a size_t {stem}_count behind it")
    if bare in FOREIGN and c.endswith(" *"):
        answers = params[0]["c"].startswith("const ") and params[0]["role"] == "handle"
        # A stream is read by advancing it, so it is never const.
        if answers == c.startswith("const ") and (answers or bare != "ArrowArrayStream"):
            raise HeaderError(function["line"], f"{function['name']}: {name} is neither clearly read nor written")
        return plays("arrow_out" if answers else "arrow_in", optional=False, of=bare)
    if c in ("int64_t *", "int32_t *"):
        return plays("out_integer", optional=True)
    if c == "uint32_t" and name == "flags":
        return plays("flags")
    if c in ("int64_t", "int32_t", "kith_status"):
        return plays("integer")
    raise HeaderError(function["line"], f"{function['name']}: no rule says what {c} {name} is")
