/**
 * The districts that a request may name. The urban ones (市区) are those the regulation is made for; 洞头区 and the
 * counties may adopt it as editions of their own (五(四)); `other` is outside Wenzhou.
 */
export const DISTRICTS = [
  { code: 'city', name: '市本级', urban: true },
  { code: 'lucheng', name: '鹿城区', urban: true },
  { code: 'longwan', name: '龙湾区', urban: true },
  { code: 'ouhai', name: '瓯海区', urban: true },
  { code: 'jingkai', name: '经开区', urban: true },
  { code: 'oujiangkou', name: '瓯江口产业集聚区', urban: true },
  { code: 'dongtou', name: '洞头区', urban: false },
  { code: 'yueqing', name: '乐清市', urban: false },
  { code: 'ruian', name: '瑞安市', urban: false },
  { code: 'yongjia', name: '永嘉县', urban: false },
  { code: 'pingyang', name: '平阳县', urban: false },
  { code: 'cangnan', name: '苍南县', urban: false },
  { code: 'wencheng', name: '文成县', urban: false },
  { code: 'taishun', name: '泰顺县', urban: false },
  { code: 'longgang', name: '龙港市', urban: false },
  { code: 'other', name: '温州市外', urban: false },
] as const;
