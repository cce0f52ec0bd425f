"""The snippet in the form of each platform."""

from core.installs.snippets import Snippets


def bubble(snippets: Snippets) -> str:
    return snippets.bubble


def next_js(snippets: Snippets) -> str:
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


def react(snippets: Snippets) -> str:
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


def nuxt(snippets: Snippets) -> str:
    return f"""// nuxt.config.ts
export default defineNuxtConfig({{
  app: {{
    head: {{
      script: [{{ src: "{snippets.loader}", async: true, tagPosition: "bodyClose" }}],
    }},
  }},
}});"""


def swift(snippets: Snippets) -> str:
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


def kotlin(snippets: Snippets) -> str:
    return f"""val chat = WebView(this)
chat.settings.javaScriptEnabled = true
chat.settings.domStorageEnabled = true
chat.webViewClient = WebViewClient()
chat.loadUrl("{snippets.link}")
setContentView(chat)"""


def react_native(snippets: Snippets) -> str:
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


def flutter(snippets: Snippets) -> str:
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
