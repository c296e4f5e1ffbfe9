import { EDITION_PARAMETERS } from '../../shared/regulation/parameters.ts';

export const USAGE = `用法：npm run -s assess -- [--summary] [--edition-parameter 参数=取值]… < 请求.ndjson

从标准输入逐行读取JSON格式的审核请求，按行序在标准输出逐行写出审核结果；有误的请求写出全部问题。

  --summary                      结束时在标准错误输出各结果、各规则的数量
  --edition-parameter 参数=取值  假设办法中留有余地之处另作一种理解，可重复
  --help                         显示本说明

参数：
${Object.entries(EDITION_PARAMETERS)
  .map(
    ([name, { article, question, readings }]) =>
      `  ${name}=${Object.keys(readings).join('|')}\n    ${question}（${article}）：${Object.values(readings).join('；')}`,
  )
  .join('\n')}
`;
