import { createHash } from 'node:crypto';
import { type Html, html, ownConstant } from './html.ts';
import { objectionScript } from './objection-script.ts';
import { pageStyle } from './page-style.ts';

const digest = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** What a public page may load and do: its own style and script by their hash, its own origin to post to, nothing else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${digest(pageStyle)}`,
  `script-src ${digest(objectionScript)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers that every public page is served with. */
export const publicPageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

// A page that is served from elsewhere than the API still carries its policy; frame-ancestors holds in a header only.
const policyInPage = contentSecurityPolicy.replace("; frame-ancestors 'none'", '');

/** A whole page for the public: plain, readable without scripts, on a phone and on paper. */
export function publicPage(title: string, content: Html): string {
  const page = html`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policyInPage}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow,noarchive">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<title>${title}</title>
<style>${ownConstant(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#content">跳到正文</a>
<header class="site"><p><span>职业技能提升行动培训补贴公示</span><a class="no-print" href="/notices">全部公示</a></p></header>
<main id="content">
${content}
</main>
<footer>
<p>本页按《政府信息公开条例》和个人信息保护的要求制作，只公布依规应当公开的内容。</p>
</footer>
<script>${ownConstant(objectionScript)}</script>
</body>
</html>
`;
  return page.text;
}
