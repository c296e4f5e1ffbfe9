/**
 * The one style sheet of the public pages. No web fonts and nothing from elsewhere: the reader's own Chinese fonts, in
 * the order of the systems in use. Below 44rem a table's rows become cards, on paper its head repeats.
 */
export const pageStyle = `
:root{--ink:#1b1b1f;--quiet:#565b66;--rule:#c9ced8;--paper:#fff;--ground:#f3f4f7;--red:#b3261e;--blue:#0b57a4;--green:#0f6b39;--amber:#7a4d00}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.8 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif;overflow-wrap:anywhere}
button,input,select,textarea{font:inherit;color:inherit}
a{color:var(--blue);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
header.site{border-bottom:3px solid var(--red);background:var(--paper)}
header.site p{max-width:72rem;margin:0 auto;padding:.7rem 1.25rem;color:var(--quiet);display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem}
main{max-width:72rem;margin:1.5rem auto;padding:2.25rem 2.75rem 2.5rem;background:var(--paper);border:1px solid var(--rule)}
h1{font:600 1.6rem/1.5 "Songti SC","STSong","SimSun","Noto Serif CJK SC","Source Han Serif SC",serif;text-align:center;text-wrap:balance;margin:0 0 1rem}
h2{font-size:1.1rem;line-height:1.5;margin:2rem 0 .5rem}
.status{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;justify-content:center;margin:0 0 1.75rem}
.badge{border:1px solid currentColor;border-radius:1rem;padding:0 .8rem;font-weight:600;line-height:1.75}
.running{color:var(--green)}.ended{color:var(--quiet)}
.banner{border-left:4px solid var(--amber);background:#fff8e9;padding:.6rem 1rem;margin:0 0 1.5rem}
.text p{text-indent:2em;margin:.35rem 0}
.plain p{text-indent:0;margin:.1rem 0}
.signature{text-align:right;margin:2rem 0 0}
.signature p{margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem;line-height:1.55}
caption{text-align:left;font-weight:600;padding:0 0 .6rem;font-size:1.05rem}
th,td{border:1px solid var(--rule);padding:.45rem .6rem;text-align:left;vertical-align:top;min-width:4.5em}
thead th:first-child,td.no{min-width:3em;text-align:center}
td.wide{min-width:13em}td.name{min-width:8em}
thead span{white-space:nowrap;display:inline-block}
.annex{margin-top:2.5rem}
thead th{background:#f0f2f6;font-weight:600}
.n{text-align:right;font-variant-numeric:tabular-nums}
tfoot th{font-weight:600;background:#fafbfc}
.note{color:var(--quiet);font-size:.9rem}
.list{list-style:none;margin:0;padding:0}
.list li{border-bottom:1px solid var(--rule);padding:1rem 0}
.list a{font-weight:600}
form label,fieldset legend{font-weight:600}
form .field{margin:0 0 1rem}
fieldset{border:1px solid var(--rule);margin:0 0 1rem;padding:.5rem 1rem}
fieldset label{font-weight:400;margin-right:1.5rem;white-space:nowrap}
input[type=text],input[type=number],input[type=date],select,textarea{width:100%;padding:.5rem .6rem;border:1px solid #8a909c;border-radius:3px;background:#fff}
textarea{min-height:8em;line-height:1.6}
input[type=number],input[type=text],input[type=date],select{height:2.9rem}
.filters{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;align-items:end;margin:0 0 1rem}
button{background:var(--blue);color:#fff;border:0;border-radius:3px;padding:.55rem 1.5rem;cursor:pointer}
button[disabled]{opacity:.6;cursor:default}
.answer{border:1px solid var(--rule);padding:.75rem 1rem;margin:1rem 0 0}
.answer.bad{border-color:var(--red)}
.receipt{font:600 1.15rem/1.6 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.04em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:0}
dt{color:var(--quiet)}dd{margin:0}
footer{max-width:72rem;margin:0 auto 2rem;padding:0 1.25rem;color:var(--quiet);font-size:.85rem}
[hidden]{display:none!important}
@media (max-width:44rem){
main{margin:0;padding:1.5rem 1rem 2rem;border-width:0 0 1px}
h1{font-size:1.3rem}
.scroll{overflow:visible}
table,caption,tbody,tfoot,tr,td,tfoot th{display:block}
thead{position:absolute;left:-999rem}
tbody tr{border:1px solid var(--rule);border-bottom:0;padding:.4rem .75rem 0}
tbody tr:not(.more){margin-top:.9rem}
tbody tr.more{border-top:1px dashed var(--rule)}
tbody tr.last{border-bottom:1px solid var(--rule);padding-bottom:.4rem}
td,td.no,td.n,td.wide,td.name{min-width:0;border:0;padding:.1rem 0;display:grid;grid-template-columns:8.5em 1fr;gap:.5rem;text-align:left}
td::before{content:attr(data-label);color:var(--quiet)}
td:empty{display:none}
tfoot tr{border:1px solid var(--rule);margin-top:.9rem;padding:.4rem .75rem}
tfoot th{border:0;padding:0}
dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}
}
@media print{
body{background:#fff;font-size:11pt}
main{border:0;margin:0;padding:0;max-width:none}
header.site,.no-print,.skip{display:none}
thead{display:table-header-group}tr{break-inside:avoid}
}`;
