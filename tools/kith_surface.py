"""What a release promises to compiled and to written programs, and what would break that promise: the surface of
an interface, and the comparison of a released surface with today's."""


def surface(model):
    """The promised part of bindings/kith.json: names, signatures, values, layouts; no words."""
    structs = {}
    for struct in model["structs"]:
        offsets = struct["layout"]["offsets"]
        structs[struct["name"]] = {
            "grows": struct["grows"], "size": struct["layout"]["size"],
            "fields": [[f["name"], f["c"], offsets[f["name"]]] for f in struct["fields"]]}
    return {
        "functions": {f["name"]: signature(f) for f in model["functions"]},
        "inline": {f["name"]: signature(f) for f in model["inline"]},
        "constants": {c["name"]: c["value"] for e in model["enums"] for c in e["constants"]},
        "aliases": {a["name"]: a["c"] for a in model["aliases"]},
        "opaque": {o["name"]: o["free"] for o in model["opaque"]},
        "structs": structs,
    }


def signature(function):
    return [function["returns"]["c"]] + [p["c"] for p in function["params"]]


def shown(signature):
    return f"{signature[0]} ({', '.join(signature[1:]) or 'void'})"


def breaks(released, now):
    """One sentence for every promise of the released surface that today's does not keep."""
    found = []
    for group, thing in (("functions", "function"), ("inline", "inline function"), ("constants", "constant"),
                         ("aliases", "type"), ("opaque", "type"), ("structs", "struct")):
        for name, was in released[group].items():
            if name not in now[group]:
                found.append(f"{thing} {name} is gone")
                continue
            what = now[group][name]
            if group == "structs":
                found += struct_breaks(name, was, what)
            elif was != what:
                told = shown if group in ("functions", "inline") else str
                found.append(f"{thing} {name} was {told(was)} and is {told(what)}")
    return found


def struct_breaks(name, was, now):
    before, after = was["fields"], now["fields"]
    found = [f"struct {name}: field {old[0]} was {old[1]} at {old[2]} and is "
             + (f"{new[1]} {new[0]} at {new[2]}" if new else "gone")
             for old, new in zip(before, after + [None] * len(before)) if old != new]
    if was["grows"] != now["grows"]:
        found.append(f"struct {name} must {'go on beginning' if was['grows'] else 'not begin'} with size")
    if not was["grows"] and (len(after) > len(before) or now["size"] != was["size"]):
        found.append(f"struct {name} is frozen: its {len(before)} fields and {was['size']} bytes cannot grow")
    if now["size"] < was["size"]:
        found.append(f"struct {name} was {was['size']} bytes and is {now['size']}")
    return found


def untimely(version, released, model):
    """Names that claim to be as old as a release which did not have them, or newer than one which had."""
    found = []
    for group in ("functions", "inline", "structs", "opaque"):
        for entry in model[group]:
            had = entry["name"] in released[group]
            claims = number(entry["since"]) <= number(version)
            if had != claims:
                found.append(f"{entry['name']} says since {entry['since']}, but {version} "
                             f"{'had' if had else 'did not have'} it")
    return found


def number(version):
    return tuple(int(part) for part in version.split("."))
