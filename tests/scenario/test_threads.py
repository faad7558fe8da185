"""Questions and changes at once.  Worth most under ThreadSanitizer, which contrib/test builds
for it: the daemon's own words are searched for its reports when it stops.
"""

import threading

from harness import values


def test_questions_while_zones_change(make_daemon):
    daemon = make_daemon(workers=4, tcp_connections=16).start()
    daemon.import_examples()
    daemon.import_text("busy.test", "$TTL 0\nwww A 10.0.0.0\n")
    over, problems, asked = threading.Event(), [], [0] * 6

    def ask(number):
        tcp = number % 2 == 1
        try:
            while not over.is_set():
                found = values(daemon.ask("www.busy.test", tcp=tcp))
                assert len(found) == 1 and found[0].startswith("10.0.0."), found
                assert len(values(daemon.ask("shop.lab.test", tcp=tcp))) == 3
                asked[number] += 1
        except Exception as problem:
            problems.append(problem)

    def look():
        try:
            while not over.is_set():
                daemon.status()
                daemon.request("GET", "/signpost/v1/zones/everything.test/export")
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)] + [
        threading.Thread(target=look)
    ]
    for thread in threads:
        thread.start()
    try:
        for i in range(150):
            change = {
                "action": "UPSERT",
                "name": "www.busy.test",
                "type": "A",
                "ttl": 0,
                "values": [f"10.0.0.{i}"],
            }
            status, reply = daemon.request(
                "POST", "/signpost/v1/zones/busy.test/changes", {"changes": [change]}
            )
            assert status == 200, reply
            if i % 15 == 0:
                text = "$TTL 0\n" + "".join(f"h{n} A 10.1.0.{n}\n" for n in range(200))
                status, reply = daemon.request(
                    "POST", f"/signpost/v1/zones/come{i}.test/import", text
                )
                assert status == 200, reply
            if i % 15 == 9:
                assert (
                    daemon.request("DELETE", f"/signpost/v1/zones/come{i - 9}.test?force=1")[0]
                    == 200
                )
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not problems, problems[0]
    assert min(asked) > 10
    assert values(daemon.ask("www.busy.test")) == ["10.0.0.149"]
