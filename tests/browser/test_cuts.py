"""Five customers whose connections are cut every few seconds: no gap, no double, the right order.

Ten minutes of it are in benchmarks/cuts.py.
"""

import urllib.parse

from playwright.sync_api import Browser

from tests.browser import crowds
from tests.browser.conftest import Demo
from tests.proxies import proxy

SECONDS = 6


def test_a_line_that_breaks_loses_doubles_and_turns_round_nothing(browser: Browser, demo: Demo) -> None:
    port = urllib.parse.urlsplit(demo.url).port
    assert port
    customers = [crowds.customer(browser, name) for name in ("ann", "ben", "cleo", "dora", "emil")]
    with proxy(port) as line:
        for one in customers:
            one.open(line.url, demo.agent_id)
        crowds.talk_on_a_broken_line(customers, line, seconds=SECONDS)
        assert line.cuts > 0
        for one in customers:
            assert crowds.comes_to_rest(one, demo.server.data_dir), "the screen shows what is stored"
            assert one.heard() == [word for word, _at in one.sent]
        crowds.close(customers)
