"""Figures as text."""


def compare(summary, titles):
    """The table of `compare`: one block for each row, one line for each server."""
    return "\n\n".join(block(row, titles[row], summary[row]) for row in summary)


def block(row, title, by_name):
    with_start = any(found["start_s"] for found in by_name.values())
    heads = ["", "CPU us/query", "min - max", "/ NSD", "/ gdnsd", "queries/s", "reply octets"]
    if with_start:
        heads += ["memory MiB", "start s"]
    lines = [heads] + [line(name, found, with_start) for name, found in by_name.items()]
    return f"{row}: {title}\n" + align(lines)


def line(name, found, with_start):
    cpu = found["cpu_us"]
    cells = [name, f"{cpu['median']:.2f}", f"{cpu['min']:.2f} - {cpu['max']:.2f}",
             ratio(found["to_nsd"]), ratio(found["to_gdnsd"]),
             f"{found['queries_per_s']['median']:,.0f}", f"{found['reply_octets']['median']:.0f}"]
    if with_start:
        cells.append(f"{found['memory_mib']['median']:.1f}" if found["memory_mib"] else "-")
        cells.append(f"{found['start_s']['median']:.2f}" if found["start_s"] else "-")
    return cells


def ratio(found):
    return f"{found['median']:.2f}" if found else "-"


def align(lines):
    """Columns of equal width; the first to the left, the figures to the right."""
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join([cells[0].ljust(widths[0])]
                               + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])])
                     for cells in lines)
