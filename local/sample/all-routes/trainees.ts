import { identityNumber } from './check-digits.ts';

// Invented people, one for each line of the journey: nobody appears twice, for three subsidies a year are the most.
const names = [
  '陈一鸣',
  '林小云',
  '周海生',
  '吴美玲',
  '郑国平',
  '王雅琴',
  '黄志远',
  '徐文静',
  '叶建波',
  '张晓燕',
  '李永强',
  '胡丽娜',
  '金少华',
  '朱秀英',
  '潘大伟',
  '蔡雪梅',
  '董立群',
  '谢冬梅',
  '夏振宇',
  '杨晨曦',
  '余思敏',
  '戴明轩',
  '包静怡',
  '倪伟东',
  '章若兰',
  '项致和',
]; // prettier-ignore

interface Trainee {
  id: string;
  name: string;
  idNumber: string;
}

/** The person of a place in the journey (0 …), as the line `id` of a claim; born in 1990, or in 2001 as a student. */
export function trainee(place: number, id: string, born = '1990'): Trainee {
  const name = names[place];
  if (name === undefined) throw new RangeError(`the journey has ${names.length} people, not ${place + 1}`);
  const day = String((place % 28) + 1).padStart(2, '0');
  return { id, name, idNumber: identityNumber(`330302${born}06${day}${String(101 + place * 2)}`) };
}

/** A citizen card (市民卡) with its financial function. */
export function card(place: number): { number: string; activated: boolean } {
  return { number: `62178500${String(20_210_000 + place)}`, activated: true };
}
