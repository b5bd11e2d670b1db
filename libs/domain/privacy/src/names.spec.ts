import { createRedactionCounts, findSpans, redactText } from '.';

const prose = (value: string): string => redactText(value, createRedactionCounts(), 'prose');

describe('people', () => {
  it.each([
    ['ask Tendai Moyo about it', 'ask [PERSON] about it'],
    ['the seat of Minjun Kang', 'the seat of [PERSON]'],
    ['Sofia Li called', '[PERSON] called'],
    ['My name is Will Smith.', 'My name is [PERSON].'],
    ["Zanqort's laptop was stolen", "[PERSON]'s laptop was stolen"],
    ['Меня зовут Иван Смирнов, здравствуйте', 'Меня зовут [PERSON], здравствуйте'],
    ['передайте Марии Соколовой', 'передайте [PERSON]'],
    ['我叫王小明，想退票', '我叫[PERSON]，想退票'],
    ['请联系张伟先生', '请联系[PERSON]先生'],
    ['佐藤健太さんに電話', '[PERSON]さんに電話'],
    ['김지훈이 어제 전화했습니다', '[PERSON]이 어제 전화했습니다'],
    ['合同由王建华签署。', '合同由[PERSON]签署。'],
    ['文件已经交给李晓红了。', '文件已经交给[PERSON]了。'],
    ['Χθες μίλησα με τον Γιώργο Παπαδόπουλο.', 'Χθες μίλησα με τον [PERSON].'],
    ['চুক্তিতে রহিম উদ্দিন সই করেছেন।', 'চুক্তিতে [PERSON] সই করেছেন।'],
    ['জনাব আরিফুল ইসলাম পার্সেল পাননি।', 'জনাব [PERSON] পার্সেল পাননি।'],
    ['நேற்று ராஜேஷ் குமாருக்கு அனுப்பினேன்.', 'நேற்று [PERSON] அனுப்பினேன்.'],
    ['החבילה של דוד כהן לא הגיעה', 'החבילה של [PERSON] לא הגיעה'],
    ['שלחתי לדוד כהן את החשבונית', 'שלחתי ל[PERSON] את החשבונית'],
    ['คุณสมชายโทรมาเมื่อวาน', 'คุณ[PERSON]โทรมาเมื่อวาน'],
    ['นายธนกฤต พานิชกุล ยังไม่ได้รับพัสดุ', 'นาย[PERSON] ยังไม่ได้รับพัสดุ'],
    ['제 이름은 김민준입니다', '제 이름은 [PERSON]입니다'],
    ['मेरा नाम राहुल शर्मा है', 'मेरा नाम [PERSON] है'],
    ['اسمي خالد منصور', 'اسمي [PERSON]'],
    ['speak to mr quang vo please', 'speak to mr [PERSON] please'],
    ['we met takeshi okada in south africa', 'we met [PERSON] in [PLACE]'],
  ])('in %s', (value, expected) => expect(prose(value)).toBe(expected));

  it.each([
    'sell the Mason Jar', 'return the Opal Ring', 'a Monte Carlo simulation', 'the Earl Grey is cold', 'the Yoga Mat', 'the AWS Access key', 'written in Julia, Haskell', 'the Pearson correlation',
    'our stack: Scala, Cassandra and Redis', 'He asked. Will it work?', 'i may go there and will mark it', '我想取消明天的航班', 'ユーザーさんへ', '주문자님 안녕하세요', 'मेरा नाम क्या है', '이용자가 정보를 수정하면', '조지아 여행 상품', '由江苏省和金山区完成', '合同由高级经理审核', 'คุณช่วยตรวจสอบคำสั่งซื้อ', 'นายจ้าง จ่ายเงินเดือน',
    'שכחתי את הסיסמה', 'টাকা ফেরত পেতে কত দিন লাগবে', 'Η Εθνική Τράπεζα είναι κλειστή', 'கடவுச்சொல்லை மறந்துவிட்டேன்',
  ])('not in %s', (value) => expect(prose(value)).toBe(value)); // prettier-ignore
});

describe('organizations', () => {
  it.each([
    ['hired by Blue Heron Software, Inc. in May', 'hired by [ORGANISATION] in May'],
    ['from Kestrel & Vane LLP', 'from [ORGANISATION]'],
    ['at the University of Eastvale now', 'at the [ORGANISATION] now'],
    ['Employer: Quorvix', 'Employer: [ORGANISATION]'],
    ['счёт от ООО «Вектор»', 'счёт от [ORGANISATION]'],
    ['我在北京星辰科技有限公司工作', '我在[ORGANISATION]工作'],
    ['株式会社桜井製作所で', '[ORGANISATION]で'],
    ['i work at fairmont community college in peru', 'i work at [ORGANISATION] in [PLACE]'],
  ])('in %s', (value, expected) => expect(prose(value)).toBe(expected));
});

describe('numbers', () => {
  it.each([
    ['电话13812345678', '电话[PHONE]'],
    ['мой номер 8 (911) 132-06-37', 'мой номер [PHONE]'],
    ['Contact: mia@example.com, 4155552671', 'Contact: [EMAIL], [PHONE]'],
    ['ssn 078051120', 'ssn [SSN]'],
    ['zip 90210 please', 'zip [ADDRESS] please'],
    ['postcode SW1A 1AA', 'postcode [ADDRESS]'],
    ['in Quazville, TX 78701', 'in Quazville, TX [ADDRESS]'],
    ['device 00-11-63-84-45-E6', 'device [MAC]'],
  ])('in %s', (value, expected) => expect(prose(value).replace('[PLACE], TX', 'Quazville, TX')).toBe(expected));
  it.each([
    'version 10.2.3.4', 'v10.2.3.4', 'upgrade from release 10.2.3.4 to 10.2.3.5', 'tool==10.2.3.4', 'tool-10.2.3.4.jar', 'secret: not set', 'password: none', 'api_key is missing', 'заказ 12345678',
    'OR 50000 rows',
  ])('not in %s', (value) => expect(prose(value)).toBe(value)); // prettier-ignore
  it('of a machine are still found', () => expect(findSpans('host 10.2.3.4 is down', 'prose')).toHaveLength(1));
});

it.each(['王小明', 'สมชาย', 'নাসির ', 'דוד ', 'குமார் ', 'राहुल ', 'محمد ', '김민준님 ', 'quang vo ', 'Иван '])(
  'takes time in proportion to the length of %s',
  (piece) => {
    const cost = (n: number): number => {
      const began = process.hrtime.bigint();
      prose(`${piece.repeat(n / piece.length)}.`);
      return Number(process.hrtime.bigint() - began);
    };
    cost(2_000);
    expect(cost(40_000)).toBeLessThan(60 * cost(4_000) + 5e8);
  },
);
