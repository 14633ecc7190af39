// One page for all documents: which one is in the query.
const documents = [
  ["server", "Server API"],
  ["standard", "Standard API"],
  ["mobile", "Mobile Token API"],
  ["mobile-deployed-enrollment", "… as deployed"],
  ["mobile-early-enrollment", "… early"],
  ["mobile-web-flow", "… Web Flow"],
  ["cloud", "Cloud API"],
  ["admin", "Administration"],
];
const asked = new URLSearchParams(location.search).get("api");
const [shown] = documents.find(([name]) => name === asked) ?? documents[0];

const list = document.getElementById("apis");
for (const [name, title] of documents) {
  const link = document.createElement("a");
  link.href = `?api=${name}`;
  link.textContent = title;
  if (name === shown) {
    link.setAttribute("aria-current", "page");
  }
  list.append(link);
}

SwaggerUIBundle({
  url: `openapi/${shown}.json`,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  // Nothing is asked of anybody else, and nothing is kept.
  validatorUrl: null,
  persistAuthorization: false,
});
