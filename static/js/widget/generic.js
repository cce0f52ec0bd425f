/** The same script for every agent: reads which one is meant and loads its own. */
const self = document.currentScript;
const settings = (window.CustomerAgent ??= {});
const agent = self.dataset.agent ?? settings.agentId;

if (agent) {
  const script = document.createElement("script");
  script.async = true;
  script.nonce = settings.nonce ?? self.nonce;
  script.src = new URL(`/widget/${encodeURIComponent(agent)}.js`, self.src);
  document.head.append(script);
} else {
  console.warn("Porchlight: name the agent in data-agent or in window.CustomerAgent.agentId.");
}
