"""Figures as text."""

GOAL_NAMES = {"to_baseline": "no policy", "to_nsd": "NSD", "to_knot": "Knot"}


def compare(summary, titles):
    """The table of `compare`: one block for each row, one line for each server."""
    return "\n\n".join(block(row, titles[row], summary[row]) for row in summary)


def block(row, title, by_name):
    ratios = [(head, key) for head, key in
              (("/ NSD", "to_nsd"), ("/ gdnsd", "to_gdnsd"), ("/ Knot", "to_knot"),
               ("/ no policy", "to_baseline"))
              if any(found[key] for found in by_name.values())]
    with_start = any(found["start_s"] for found in by_name.values())
    heads = ["", "CPU us/query", "min - max", *(head for head, _ in ratios), "queries/s",
             "reply octets"]
    if with_start:
        heads += ["memory MiB", "start s"]
    keys = [key for _, key in ratios]
    lines = [heads] + [line(name, found, keys, with_start) for name, found in by_name.items()]
    return f"{row}: {title}\n" + align(lines) + "".join(map(goal, by_name.values()))


def line(name, found, ratios, with_start):
    cpu = found["cpu_us"]
    cells = [name, f"{cpu['median']:.2f}", f"{cpu['min']:.2f} - {cpu['max']:.2f}",
             *(ratio(found[key]) for key in ratios),
             f"{found['queries_per_s']['median']:,.0f}", f"{found['reply_octets']['median']:.0f}"]
    if with_start:
        cells.append(f"{found['memory_mib']['median']:.1f}" if found["memory_mib"] else "-")
        cells.append(f"{found['start_s']['median']:.2f}" if found["start_s"] else "-")
    return cells


def ratio(found):
    return f"{found['median']:.2f}" if found else "-"


def goal(found):
    """Whether signpost costs no more than it may."""
    wanted = found["goal"]
    if wanted is None or found[wanted["ratio"]] is None:
        return ""
    reached = found[wanted["ratio"]]["median"] <= wanted["at_most"]
    return (f"\ngoal: at most {wanted['at_most']:.2f} of {GOAL_NAMES[wanted['ratio']]}, "
            f"{'' if reached else 'NOT '}reached")


def align(lines):
    """Columns of equal width; the first to the left, the figures to the right."""
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join([cells[0].ljust(widths[0])]
                               + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])])
                     for cells in lines)
