import { CHINESE_GIVEN, CHINESE_SURNAMES, COMPOUND_SURNAMES, JAPANESE_SURNAMES } from './gazetteer/han-names';
import { match, type Match, ORGANISATION, PERSON } from './match';

// Names in Chinese and Japanese, which are written without spaces: a family name of the lists, characters that given names are made of, and words
// around that say that it is a person.

const SURNAMES = new Set(CHINESE_SURNAMES);
const COMPOUND = new Set(COMPOUND_SURNAMES.split(' '));
const GIVEN = new Set(CHINESE_GIVEN);
const JAPANESE = new Set(JAPANESE_SURNAMES.split(' '));
/** Characters that go on with the sentence after a name. */
const GOES_ON = new Set(
  '的是在说要想和与请已了不也将把被给对为从到有没能会可您你我他她它们吗呢吧啊这那就都还很又而但或向于由因所以如今天日年号订单退换购买打电预申投反收发未需应该',
);

const HAN = '一-龯々ヶ';
const NAMED_CHINESE =
  /(?:[我他她名]叫|叫做|叫作|名字(?:是|叫|为)|姓名(?:是|为)?|(?:收件|联系|寄件|签收|申请|投保|持卡|负责|收货|聯絡|收件)人(?:是|为)?)[:：\s]*$/;
const MAY_NAME_CHINESE =
  /(?:我是|这是|您是|客户|顾客|会员|用户|乘客|旅客|患者|病人|员工|同事|朋友|经理|老师|医生|司机|房东|租客|亲爱的|尊敬的|联系|致电|转告|告诉|询问|找到|感谢|本人|叫|客戶|顧客|旅客)[:：\s]*$/;
const TITLE_CHINESE =
  /^(?:先生|女士|小姐|太太|夫人|老师|醫生|医生|大夫|经理|主任|同学|同志|教授|博士|师傅|阿姨|您好|你好|老師|經理)/;

/** Who does it, or whom it is done to: a person, where three characters of names follow. */
const AGENT_CHINESE = /(?:[由跟让被找替帮讓幫]|转给|交给|发给|寄给|轉給|交給)$/;
const PLACE_CHINESE = /^[省市县区州镇乡村路街港湾岛山河湖路站厂店省縣區鎮]/;

/** `高级经理`, `项目经理`: the first sign is a family name, the two are none. */
const NO_GIVEN_CHINESE = new Set('级務务目面副总總助等层層理級');

/** End of the Chinese name that begins at `at` of the run, or -1. */
function chineseEnd(run: string, at: number, before: string): number {
  const surname = COMPOUND.has(run.slice(at, at + 2)) ? 2 : SURNAMES.has(run.charAt(at)) ? 1 : 0;
  if (surname === 0) return -1;
  const isNamed = NAMED_CHINESE.test(before);
  const start = at + surname;
  const goesOn = (i: number): boolean => i >= run.length || GOES_ON.has(run.charAt(i)) || TITLE_CHINESE.test(run.slice(i, i + 2));
  let end = start;
  while (end - start < 2 && !goesOn(end) && (end === start || isNamed || GIVEN.has(run.charAt(end)))) end++;
  const given = [...run.slice(start, end)];
  const isUsual = given.length > 0 && given.every((sign) => GIVEN.has(sign));
  if (isNamed) return end > start ? end : -1;
  // `王先生`: the family name alone.
  if (TITLE_CHINESE.test(run.slice(end, end + 2))) return given.some((sign) => NO_GIVEN_CHINESE.has(sign)) ? -1 : end;
  if (!isUsual) return -1;
  if (MAY_NAME_CHINESE.test(before)) return end;
  if (given.length === 2 && AGENT_CHINESE.test(before) && !PLACE_CHINESE.test(run.slice(end))) return end;
  return at === 0 && given.length === 2 && goesOn(end) ? end : -1;
}

const NAMED_JAPANESE = /(?:氏名|名前|宛名|担当者?|受取人|予約者|契約者|搭乗者|名義人|乗客|患者|私)(?:は|が|[:：])?\s*$/;
const HONORIFIC = '(?:さん|さま|様|氏(?!名)|くん|君|ちゃん|先生|殿|と申|といいます|と言います)';
const GIVEN_JAPANESE = new RegExp(
  `^(?:[${HAN}]{1,3}|[${HAN}]{0,2}[ァ-ヶー]{2,6}|[${HAN}]{0,2}[ぁ-ん]{2,4}?)(?=${HONORIFIC}|です|でした|でお|から|宛|[はがをにのもで、。]|$)`,
);
const AFTER_JAPANESE = new RegExp(`^${HONORIFIC}`);
const NO_GIVEN = /[県市区町村駅店線校社都府号館課部行院]/;

const LABELED_JAPANESE = /(?:氏名|名前|宛名|担当者?|受取人|予約者|契約者|搭乗者|名義人)[:：]\s*$/;
const NO_LABELED = /必須|入力|設定|不明|変更|登録|確認|未定|担当|匿名/;

/** End of the Japanese name that begins at `at` of the run, or -1. */
function japaneseEnd(run: string, at: number, before: string): number {
  for (let length = 3; length > 0; length--) {
    const surname = run.slice(at, at + length);
    if (surname.length < length || !JAPANESE.has(surname)) continue;
    const isHonored = AFTER_JAPANESE.test(run.slice(at + length, at + length + 4));
    const given = isHonored ? '' : (GIVEN_JAPANESE.exec(run.slice(at + length, at + length + 14))?.[0] ?? null);
    if (given === null || NO_GIVEN.test(given) || [...given].some((sign) => GOES_ON.has(sign))) continue;
    const end = at + length + given.length;
    const isTold = isHonored || AFTER_JAPANESE.test(run.slice(end, end + 4)) || NAMED_JAPANESE.test(before);
    if (isTold || (at === 0 && length > 1 && given.length > 1)) return end;
  }
  // `受取人：菅野美穂`: a label, and nothing but the name.
  const isLabeled = at === 0 && run.length > 2 && run.length < 6 && LABELED_JAPANESE.test(before) && !NO_LABELED.test(run);
  return isLabeled ? run.length : -1;
}

const HONORED = new RegExp(`([${HAN}]{2,6}|[ァ-ヶー・]{3,12})(?=さん|様|氏(?!名)|くん|ちゃん|と申)`, 'g');
const ROLE = /^(?:乗客|担当|顧客|患者|社員|部長|会員)/;
const NO_NAME =
  /(?:お客|客|皆|奥|娘|息子|店員|患者|業者|仕|同|模|多|異|王|神|社長|部長|店長|医者|看護師|運転手|利用者|先方|各位|ユーザー|メーカー|オペレーター|スタッフ|カスタマー|サポート|ドライバー)$/;

const CITY =
  '北京|上海|广州|深圳|杭州|南京|武汉|成都|重庆|天津|西安|苏州|长沙|青岛|大连|厦门|宁波|郑州|香港|台北|中国|中华|东方|南方|北方|华东|华南|华北';
const COMPANIES = [
  /(?:(?!在|由|与|和|给|向|从|是|为|到|去|被|把|请|于|叫|找)[一-龯]){2,14}?(?:有限责任公司|股份有限公司|有限公司|集团公司|股份公司)/g,
  new RegExp(`(?:${CITY})(?:(?!的|有|和|哪|最|附)[一-龯]){1,8}?(?:公司|集团|银行|医院|大学|学院|中学|酒店|证券|保险)`, 'g'),
  new RegExp(`(?:株式会社|有限会社|合同会社|社団法人|医療法人)[${HAN}ァ-ヶー]{1,15}|[${HAN}ァ-ヶー]{1,12}(?:株式会社|有限会社|合同会社)`, 'g'),
  new RegExp(`[${HAN}ァ-ヶー]{2,8}(?<!総合|大学|救急|動物|地方|国立|私立|有名|民間|東京)(?:大学病院|大学|病院|銀行|製作所|電機|商事|工業|建設|商店)`, 'g'),
]; // prettier-ignore
const MAY_BE_COMPANY = /[司社行院学団人所機事業設店券险]/;

const isOutside = (matches: readonly Match[], start: number, end: number): boolean =>
  matches.every((other) => end <= other.start || start >= other.end);

/** Names in the run [at, end) of Han and kana characters, in order and without overlaps. */
export function scanHan(text: string, at: number, end: number): Match[] {
  const run = text.slice(at, end);
  const found: Match[] = [];
  const put = (from: number, to: number, what: string): void => {
    if (isOutside(found, at + from, at + to)) found.push(match(at + from, at + to, what));
  };
  if (MAY_BE_COMPANY.test(run))
    for (const company of COMPANIES)
      for (const one of run.matchAll(company)) put(one.index, one.index + one[0].length, ORGANISATION);
  const hasKana = /[ぁ-んァ-ヶ]/.test(run);
  for (let i = 0; i < run.length; i++) {
    const before = text.slice(Math.max(0, at + i - 8), at + i);
    let to = japaneseEnd(run, i, before);
    if (to < 0 && !hasKana) to = chineseEnd(run, i, before);
    if (to < 0) continue;
    put(i, to, PERSON);
    i = to - 1;
  }
  if (hasKana)
    for (const { index, 0: all } of run.matchAll(HONORED)) {
      const role = ROLE.exec(all)?.[0].length ?? 0;
      if (all.length - role > 1 && !NO_NAME.test(all)) put(index + role, index + all.length, PERSON);
    }
  return found.sort((a, b) => a.start - b.start);
}
