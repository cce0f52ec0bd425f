"""Where the snippet goes: what to click on each platform, and the snippet in that platform's form."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import NotFound
from core.installs import snippet_forms
from core.installs.snippets import Snippets


@dataclass(frozen=True)
class Place:
    """A kind of website or app."""

    key: str
    name: str
    group: str
    steps: tuple[str, ...]
    """Markdown, one step each; `{snippet}` stands at the step after which the snippet is shown."""
    snippet: Callable[[Snippets], str]
    note: str = ""
    """What people trip over, in Markdown."""


SITES, CODE, APPS = "Website builders", "Your own code", "Mobile apps"

_WEB_VIEW_NOTE = (
    "The chat opens on its own page here, so *Direct link and a mobile app’s web view* has to be switched on under "
    "**Settings → Websites**. To show who is signed in, add `#customerToken=…` to the address: see *Customer sign-in*."
)

PLACES: tuple[Place, ...] = (
    Place(
        "any",
        "Any website",
        SITES,
        (
            "Open the file that every page of your site uses. It is often called *footer*, *layout* or *base*.",
            "Paste this line just before `</body>`.\n{snippet}",
            "Save, publish, and open your site once.",
        ),
        snippet_forms.bubble,
    ),
    Place(
        "shopify",
        "Shopify",
        SITES,
        (
            "In the Shopify admin open **Online Store → Themes**.",
            "Beside your theme press **⋯ → Edit code**.",
            "Under **Layout** open `theme.liquid`.",
            "Paste this line just before `</body>`.\n{snippet}",
            "Press **Save** and open your shop.",
        ),
        snippet_forms.bubble,
        "A new theme starts without the line: paste it again after you change the theme. Shopify shows no scripts "
        "of yours in the checkout.",
    ),
    Place(
        "wordpress",
        "WordPress",
        SITES,
        (
            "Under **Plugins → Add New Plugin** install and activate **WPCode**.",
            "Open **Code Snippets → Header & Footer**.",
            "Paste this line into **Footer**.\n{snippet}",
            "Press **Save Changes**. If you use a cache plugin, empty its cache.",
        ),
        snippet_forms.bubble,
        "On WordPress.com, plugins need a plan that has them. Plugins that delay or join scripts may hold the chat "
        "back until somebody scrolls: leave this address out there.",
    ),
    Place(
        "woocommerce",
        "WooCommerce",
        SITES,
        (
            "WooCommerce runs on WordPress: under **Plugins → Add New Plugin** install and activate **WPCode**.",
            "Open **Code Snippets → Header & Footer**.",
            "Paste this line into **Footer**.\n{snippet}",
            "Press **Save Changes** and empty your cache plugin’s cache. The chat shows in the checkout, too.",
        ),
        snippet_forms.bubble,
    ),
    Place(
        "wix",
        "Wix",
        SITES,
        (
            "In your site’s dashboard open **Settings**, and under *Advanced* **Custom code**.",
            "Press **+ Add Custom Code** and paste this line.\n{snippet}",
            "Choose **All pages**, **Load code once**, and **Body – end**.",
            "Press **Apply**, then publish the site.",
        ),
        snippet_forms.bubble,
        "Wix runs custom code only on a published site with a premium plan and its own domain.",
    ),
    Place(
        "squarespace",
        "Squarespace",
        SITES,
        (
            "Open **Settings → Developer tools → Code injection**.",
            "Paste this line into **Footer**.\n{snippet}",
            "Press **Save** and open your site.",
        ),
        snippet_forms.bubble,
        "Code injection comes with the Core plan and above.",
    ),
    Place(
        "webflow",
        "Webflow",
        SITES,
        (
            "Open **Site settings → Custom code**.",
            "Paste this line into **Footer code**.\n{snippet}",
            "Press **Save**, then **Publish**, and open the published site.",
        ),
        snippet_forms.bubble,
        "Custom code comes with a paid site plan. The Designer’s preview stands on an address of Webflow’s own, where "
        "the chat is not allowed.",
    ),
    Place(
        "framer",
        "Framer",
        SITES,
        (
            "Open **Site settings → General** and scroll to **Custom code**.",
            "Paste this line into **End of `<body>` tag**.\n{snippet}",
            "Press **Save**, then **Publish**.",
        ),
        snippet_forms.bubble,
        "Custom code comes with a paid plan.",
    ),
    Place(
        "tag-manager",
        "Google Tag Manager",
        SITES,
        (
            "In your container press **Add a new tag**, then **Tag Configuration → Custom HTML**.",
            "Paste this line.\n{snippet}",
            "Under **Triggering** choose **All Pages**.",
            "Press **Save**, then **Submit → Publish**.",
        ),
        snippet_forms.bubble,
        "Where people have to agree first, use the trigger of your consent tool instead of *All Pages*. With a nonce "
        "in your Content-Security-Policy, load the container by Google’s nonce-aware snippet: it passes the nonce on.",
    ),
    Place(
        "next",
        "Next.js",
        CODE,
        ("Put the script into the layout that every page uses.\n{snippet}", "Deploy, and open your site once."),
        snippet_forms.next_js,
        "With a strict Content-Security-Policy pass your nonce on: `<Script nonce={nonce} …>`.",
    ),
    Place(
        "react",
        "React",
        CODE,
        ("Add this component and use it once, at the top of your app.\n{snippet}", "Deploy, and open your site once."),
        snippet_forms.react,
        "With a strict Content-Security-Policy add `script.nonce = nonce` before the script is appended.",
    ),
    Place(
        "nuxt",
        "Vue and Nuxt",
        CODE,
        ("Add the script to the head of every page.\n{snippet}", "Deploy, and open your site once."),
        snippet_forms.nuxt,
        "With Vue alone, paste the plain line into `index.html` just before `</body>`. With a strict "
        "Content-Security-Policy add `nonce` to the script beside `async`.",
    ),
    Place(
        "ios",
        "iOS",
        APPS,
        ("Show the chat in a web view.\n{snippet}", "Open it from a button in your app."),
        snippet_forms.swift,
        _WEB_VIEW_NOTE,
    ),
    Place(
        "android",
        "Android",
        APPS,
        (
            'Let the app use the network: `<uses-permission android:name="android.permission.INTERNET" />`.',
            "Show the chat in a web view.\n{snippet}",
        ),
        snippet_forms.kotlin,
        _WEB_VIEW_NOTE,
    ),
    Place(
        "react-native",
        "React Native",
        APPS,
        ("Add the package `react-native-webview`.", "Show the chat on a screen of its own.\n{snippet}"),
        snippet_forms.react_native,
        _WEB_VIEW_NOTE,
    ),
    Place(
        "flutter",
        "Flutter",
        APPS,
        ("Add the package `webview_flutter`.", "Show the chat on a page of its own.\n{snippet}"),
        snippet_forms.flutter,
        _WEB_VIEW_NOTE,
    ),
)


def place_named(key: str) -> Place:
    """The place of this key.

    Raises:
        NotFound: there is none.
    """
    for place in PLACES:
        if place.key == key:
            return place
    raise NotFound("There is no guide for this platform.")
