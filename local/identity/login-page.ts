import type { SampleUser } from '../users.ts';

/** The page on which a developer says who to be. Every link goes on to where the application wanted to go. */
export function loginPage(users: readonly SampleUser[], authorizeUrl: URL): string {
  const items = users.map(({ userName, label, claims }) => {
    const target = new URL(authorizeUrl);
    target.searchParams.set('login_hint', userName);
    const role = [claims.role, ...(claims.duties ?? [])].join(' · ');
    return `<li><a href="${escapeHtml(target.pathname + target.search)}">${escapeHtml(label)}</a><small>${escapeHtml(
      `${claims.tenant} · ${role}`,
    )}</small></li>`;
  });
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>选择登录身份（本地演示）</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  ul { list-style: none; padding: 0; }
  li { border: 1px solid #ccc; border-radius: .4rem; margin: .5rem 0; }
  a { display: block; padding: .6rem 1rem 0; color: #1155cc; }
  small { display: block; padding: 0 1rem .6rem; color: #555; }
</style>
<h1>选择登录身份</h1>
<p>这是本地演示环境：点选一个示例用户即可登录，不需要密码。</p>
<ul>
${items.join('\n')}
</ul>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
