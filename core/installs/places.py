"""Where the snippet goes: what to click on each platform, and the snippet in that platform's form."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import NotFound
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


def _bubble(snippets: Snippets) -> str:
    return snippets.bubble


def _next(snippets: Snippets) -> str:
    return f"""// app/layout.tsx
import Script from "next/script";

export default function RootLayout({{ children }}: {{ children: React.ReactNode }}) {{
  return (
    <html lang="en">
      <body>
        {{children}}
        <Script src="{snippets.loader}" strategy="afterInteractive" />
      </body>
    </html>
  );
}}"""


def _react(snippets: Snippets) -> str:
    return f"""// src/Chat.jsx, used once: <Chat /> in your App
import {{ useEffect }} from "react";

export function Chat() {{
  useEffect(() => {{
    const script = document.createElement("script");
    script.src = "{snippets.loader}";
    script.async = true;
    document.head.append(script);
    return () => {{
      window.CustomerAgent?.shutdown?.();
      script.remove();
    }};
  }}, []);
  return null;
}}"""


def _nuxt(snippets: Snippets) -> str:
    return f"""// nuxt.config.ts
export default defineNuxtConfig({{
  app: {{
    head: {{
      script: [{{ src: "{snippets.loader}", async: true, tagPosition: "bodyClose" }}],
    }},
  }},
}});"""


def _swift(snippets: Snippets) -> str:
    return f"""import SwiftUI
import WebKit

struct ChatView: UIViewRepresentable {{
    func makeUIView(context: Context) -> WKWebView {{
        let view = WKWebView()
        view.load(URLRequest(url: URL(string: "{snippets.link}")!))
        return view
    }}
    func updateUIView(_ view: WKWebView, context: Context) {{}}
}}"""


def _kotlin(snippets: Snippets) -> str:
    return f"""val chat = WebView(this)
chat.settings.javaScriptEnabled = true
chat.settings.domStorageEnabled = true
chat.webViewClient = WebViewClient()
chat.loadUrl("{snippets.link}")
setContentView(chat)"""


def _react_native(snippets: Snippets) -> str:
    return f"""import {{ WebView }} from "react-native-webview";

export function Chat() {{
  return (
    <WebView
      source={{{{ uri: "{snippets.link}" }}}}
      domStorageEnabled
      keyboardDisplayRequiresUserAction={{false}}
    />
  );
}}"""


def _flutter(snippets: Snippets) -> str:
    return f"""import 'package:flutter/material.dart';
import 'package:webview_flutter/webview_flutter.dart';

class Chat extends StatefulWidget {{
  const Chat({{super.key}});
  @override
  State<Chat> createState() => _ChatState();
}}

class _ChatState extends State<Chat> {{
  final controller = WebViewController()
    ..setJavaScriptMode(JavaScriptMode.unrestricted)
    ..loadRequest(Uri.parse('{snippets.link}'));

  @override
  Widget build(BuildContext context) => SafeArea(child: WebViewWidget(controller: controller));
}}"""


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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
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
        _bubble,
        "Where people have to agree first, use the trigger of your consent tool instead of *All Pages*. With a nonce "
        "in your Content-Security-Policy, load the container by Google’s nonce-aware snippet: it passes the nonce on.",
    ),
    Place(
        "next",
        "Next.js",
        CODE,
        ("Put the script into the layout that every page uses.\n{snippet}", "Deploy, and open your site once."),
        _next,
        "With a strict Content-Security-Policy pass your nonce on: `<Script nonce={nonce} …>`.",
    ),
    Place(
        "react",
        "React",
        CODE,
        ("Add this component and use it once, at the top of your app.\n{snippet}", "Deploy, and open your site once."),
        _react,
        "With a strict Content-Security-Policy add `script.nonce = nonce` before the script is appended.",
    ),
    Place(
        "nuxt",
        "Vue and Nuxt",
        CODE,
        ("Add the script to the head of every page.\n{snippet}", "Deploy, and open your site once."),
        _nuxt,
        "With Vue alone, paste the plain line into `index.html` just before `</body>`. With a strict "
        "Content-Security-Policy add `nonce` to the script beside `async`.",
    ),
    Place(
        "ios",
        "iOS",
        APPS,
        ("Show the chat in a web view.\n{snippet}", "Open it from a button in your app."),
        _swift,
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
        _kotlin,
        _WEB_VIEW_NOTE,
    ),
    Place(
        "react-native",
        "React Native",
        APPS,
        ("Add the package `react-native-webview`.", "Show the chat on a screen of its own.\n{snippet}"),
        _react_native,
        _WEB_VIEW_NOTE,
    ),
    Place(
        "flutter",
        "Flutter",
        APPS,
        ("Add the package `webview_flutter`.", "Show the chat on a page of its own.\n{snippet}"),
        _flutter,
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
