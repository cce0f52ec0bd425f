/** Shows what is pushed to this browser, and leads to it. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("push", (event) => {
  event.waitUntil(show(event.data?.json() ?? {}));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data.url));
});

async function show({ title = "Porchlight", body = "", url = "/admin/", tag = "porchlight" }) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  // Whoever works in the admin at this moment sees and hears it there.
  if (tag !== "trial" && pages.some(({ focused }) => focused)) return;
  await registration.showNotification(title, { body, tag, renotify: true, icon: "/icon.svg", data: { url } });
}

async function lead(address) {
  const { href } = new URL(address, location.origin);
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find(({ url }) => url === href) ?? pages.find(({ url }) => new URL(url).pathname.startsWith("/admin/"));
  if (!page) return clients.openWindow(href);
  await page.focus();
  if (page.url !== href) await page.navigate(href);
}
