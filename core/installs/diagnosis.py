"""Names what keeps the widget from working on a page, the gravest first."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.domains import DomainValidator
from core.installs.pages import Page
from core.installs.placing import Placed, placed_on
from core.installs.policies import blocked_by

_TAG_MANAGERS = ("googletagmanager.com/gtm.js", "googletagmanager.com/gtag")


class Fault(enum.StrEnum):
    UNREACHABLE = "unreachable"
    NO_PAGE = "no_page"
    MISSING = "missing"
    WRONG_AGENT = "wrong_agent"
    TWICE = "twice"
    OLD_ADDRESS = "old_address"
    SCRIPT_BLOCKED = "script_blocked"
    FRAME_BLOCKED = "frame_blocked"
    REPORTS_BLOCKED = "reports_blocked"
    SANDBOXED = "sandboxed"
    FRAME_HEADERS = "frame_headers"
    NOT_ALLOWED = "not_allowed"
    MIXED = "mixed"
    ISOLATED = "isolated"
    IN_BROWSER = "in_browser"


@dataclass(frozen=True)
class Finding:
    """One fault, in words for the owner of the site."""

    fault: Fault
    sentence: str
    mend: str
    found: str = ""
    """The very line that is at fault, where there is one."""
    wanted: str = ""
    """The line as it should be."""


def diagnose(
    page: Page,
    *,
    agent: str,
    public_url: str,
    patterns: Sequence[str],
    frame_headers: Mapping[str, str],
) -> list[Finding]:
    """What keeps the widget of this agent from working on this page.

    Args:
        page: as it was fetched.
        agent: the agent's public id.
        public_url: where Porchlight is served.
        patterns: the agent's allowed websites.
        frame_headers: what the chat's own page arrives with when it is fetched from outside, names in lower case;
            a proxy in front of Porchlight may add some.

    Returns:
        Nothing when all that can be seen from outside is right.
    """
    if not page.is_html:
        return [
            Finding(
                Fault.NO_PAGE,
                "At this address there is no page but a file.",
                "Give the address of a page that people see in their browser.",
            )
        ]
    snippet = f'<script async src="{public_url}/widget/{agent}.js"></script>'
    placed = placed_on(page, agent, public_url)
    return [
        *_of_snippet(page, placed, agent=agent, snippet=snippet),
        *_of_website(page, patterns),
        *_of_transport(page, public_url),
        *_of_policies(page, placed, public_url, f"{public_url}/widget/{agent}.js"),
        *_of_frame(page, frame_headers),
    ]


def unreachable(reason: str) -> Finding:
    """The finding for a page that could not be fetched."""
    return Finding(
        Fault.UNREACHABLE,
        f"The page could not be opened from here. {reason}",
        "Check the address. A page that only you can see (a password, a test server) cannot be checked from outside: "
        "open it in your browser and watch the line above.",
    )


def in_browser() -> Finding:
    """What is left to look at when all is right from outside and yet nothing arrives."""
    return Finding(
        Fault.IN_BROWSER,
        "Everything that can be seen from outside is right.",
        "Open the page in your browser: the line above tells it within seconds. If it does not, an extension such as "
        "an ad blocker may hold the chat back, so try a private window without extensions; or a cache or CDN still "
        "keeps an older page, so empty that cache.",
    )


def _of_snippet(page: Page, placed: Placed, *, agent: str, snippet: str) -> list[Finding]:
    found = []
    if placed.elsewhere:
        found.append(
            Finding(
                Fault.OLD_ADDRESS,
                "The line on the page is an old one: it loads the chat from another address.",
                "Replace it with the line of today.",
                found=placed.elsewhere[0].address,
                wanted=snippet,
            )
        )
    if len(placed.right) > 1:
        found.append(
            Finding(
                Fault.TWICE,
                f"The line stands {len(placed.right)} times on the page. The chat shows once, but the page loads more "
                "than it needs.",
                "Keep one of them. Often one comes from the theme and one from a plugin or tag manager.",
            )
        )
    if found or placed.right or placed.is_framed:
        return found + _of_sandbox(placed)
    if placed.others:
        return [
            Finding(
                Fault.WRONG_AGENT,
                "The page loads the chat of another agent.",
                "Replace the line with the one of this agent.",
                found=placed.others[0],
                wanted=snippet,
            )
        ]
    return [_missing(page, snippet)]


def _missing(page: Page, snippet: str) -> Finding:
    has_manager = any(part in page.inline_scripts or _loads(page, part) for part in _TAG_MANAGERS)
    if has_manager:
        return Finding(
            Fault.MISSING,
            "The line is not on the page itself. The page uses Google Tag Manager, which may add it in the browser.",
            "If you added it there, publish the container and open the page once: the line above changes by itself. "
            "If not, paste the line into the page.",
            wanted=snippet,
        )
    return Finding(
        Fault.MISSING,
        "The line is not on this page.",
        "Paste it just before </body>, publish the site, and empty its cache if it has one.",
        wanted=snippet,
    )


def _loads(page: Page, part: str) -> bool:
    return any(part in script.address for script in page.scripts)


def _of_sandbox(placed: Placed) -> list[Finding]:
    for sandbox in placed.sandboxes:
        missing = {"allow-scripts", "allow-same-origin", "allow-forms"} - set(sandbox.lower().split())
        if missing:
            return [
                Finding(
                    Fault.SANDBOXED,
                    "The frame has a sandbox attribute that holds the chat back.",
                    "Take the attribute away, or let it allow what the chat needs.",
                    found=f'sandbox="{sandbox}"',
                    wanted='sandbox="allow-scripts allow-same-origin allow-forms allow-popups"',
                )
            ]
    return []


def _of_website(page: Page, patterns: Sequence[str]) -> list[Finding]:
    if DomainValidator.validate_domain(page.origin, patterns):
        return []
    host = urlsplit(page.address).hostname or page.origin
    return [
        Finding(
            Fault.NOT_ALLOWED,
            f"{host} is not on the list of allowed websites, so the chat does not open there.",
            "Allow it above, or under Settings, Websites.",
            wanted=host,
        )
    ]


def _of_transport(page: Page, public_url: str) -> list[Finding]:
    if not page.is_https or public_url.startswith("https://"):
        return []
    return [
        Finding(
            Fault.MIXED,
            "Your page is secure (https), but Porchlight is not (http). Browsers refuse to mix the two.",
            "Ask whoever runs Porchlight's server to give it a secure address (https, and PUBLIC_URL set to it).",
            found=public_url,
        )
    ]


def _of_policies(page: Page, placed: Placed, public_url: str, loader: str) -> list[Finding]:
    header = page.headers.get("content-security-policy")
    policies = [*([header] if header else []), *page.policies]
    script = placed.script
    found = []
    faults = {"script-src": Fault.SCRIPT_BLOCKED, "script-src-elem": Fault.SCRIPT_BLOCKED}
    for blocked in blocked_by(
        policies, public_url, script=loader, page_origin=page.origin, nonce=script.nonce if script else ""
    ):
        target = blocked.needed.partition(" ")[0]
        fault = faults.get(target) or (
            Fault.FRAME_BLOCKED if target in ("frame-src", "child-src") else Fault.REPORTS_BLOCKED
        )
        found.append(_policy_finding(fault, blocked.line, blocked.needed, is_strict="'strict-dynamic'" in blocked.line))
    if placed.is_framed and script is None:
        found = [finding for finding in found if finding.fault is Fault.FRAME_BLOCKED]
    return found


_KEPT_OUT = {
    Fault.SCRIPT_BLOCKED: "The site’s security policy does not let the chat’s script in.",
    Fault.FRAME_BLOCKED: "The site’s security policy does not let the chat’s window in.",
    Fault.REPORTS_BLOCKED: "The site’s security policy holds back the note that the chat was loaded. The chat works, "
    "but it is not counted and not seen here.",
}


def _policy_finding(fault: Fault, line: str, needed: str, *, is_strict: bool) -> Finding:
    mend = "Change this line of the Content-Security-Policy."
    if is_strict:
        mend = (
            "The policy lets in only scripts that carry its nonce. Put the page’s nonce on the line: "
            'nonce="…" in the script tag, as on the page’s other scripts.'
        )
    return Finding(fault, _KEPT_OUT[fault], mend, found=line, wanted="" if is_strict else needed)


def _of_frame(page: Page, headers: Mapping[str, str]) -> list[Finding]:
    if not headers:
        return []
    found = []
    framing = headers.get("x-frame-options")
    if framing:
        found.append(
            Finding(
                Fault.FRAME_HEADERS,
                "Something in front of Porchlight adds a header that forbids every frame, so the chat stays empty.",
                "Have the proxy or CDN in front of Porchlight leave this header out for /widget/ addresses.",
                found=f"X-Frame-Options: {framing}",
            )
        )
    needs_isolation = page.headers.get("cross-origin-embedder-policy", "").split(";")[0].strip()
    offers = headers.get("cross-origin-embedder-policy", "").split(";")[0].strip()
    if needs_isolation in ("require-corp", "credentialless") and offers not in ("require-corp", "credentialless"):
        found.append(
            Finding(
                Fault.ISOLATED,
                "The site isolates its pages (Cross-Origin-Embedder-Policy), and the chat’s page arrives without the "
                "header that such a page asks for.",
                "Have the proxy or CDN in front of Porchlight pass the header on that Porchlight sends.",
                found=f"Cross-Origin-Embedder-Policy: {needs_isolation}",
                wanted="Cross-Origin-Embedder-Policy: require-corp",
            )
        )
    return found
