// Bundles the libraries into classic scripts: a page that is opened from a disk may not load modules.
// Writes manifest.json, so that a test can tell a bundle that was edited by hand.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const bundles = {
  search: { global: "courseSearchLibrary", packages: ["minisearch", "stemmer"] },
  review: { global: "courseReviewLibrary", packages: ["ts-fsrs"] },
};

function describe(name) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return { name, version, license, text: readFileSync(`${folder}/${file}`, "utf8").trim() };
}

const manifest = {};
for (const [bundle, { global, packages }] of Object.entries(bundles)) {
  const used = packages.map(describe);
  const outfile = `../static/vendor-${bundle}.js`;
  await build({
    entryPoints: [`${bundle}.js`],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: global,
    target: "es2020",
    legalComments: "none",
    banner: { js: used.map(({ name, version, text }) => `/*!\n${name} ${version}\n\n${text}\n*/`).join("\n") },
    define: { "import.meta": "{}" },
  });
  manifest[`vendor-${bundle}.js`] = {
    sha256: createHash("sha256").update(readFileSync(outfile)).digest("hex"),
    packages: used.map(({ name, version, license }) => ({ name, version, license })),
  };
}
writeFileSync("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
