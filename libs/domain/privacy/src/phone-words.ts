// What the words before a number say of it, in the scripts that people write to chatbots in.

const PHONE =
  /phone|mobile|\bcell|\bt[eé]l\b|telefon|tel[eé]f|t[eé]l[eé]ph|\bcall|\bfax|\bsms\b|whatsapp|\bdial|\bdesk\b|\boffice\b|\breach|\bcontact|\bring\b|\btext(?:ed|ing)? (?:me|him|her|us|them)\b|answer(?:ing|ed)? at|messages? (?:to|on)|registered|\bhandy(?:nummer|nr)?\b|m[oó]vil|celular|\bport[aá]ble|điện thoại|\bsđt\b/i;
const PHONE_BEYOND =
  /[电電]话|致电|拨打|電話|手[机機]|号码|號碼|联系|联络|传真|携帯|ファ(?:ックス|クス)|телефон|тел\.|номер|мобильн|мобільн|звон|дзвон|факс|फ़ोन|फोन|मोबाइल|नंबर|전화|휴대|핸드폰|연락|번호|هاتف|جوال|رقم|موبايل|تلفن|טלפון|נייד|τηλ|κινητό|โทร/i;
const OTHER =
  /\b(?:order|ticket|invoice|flight|case|request|error|version|port|line|model|booking|reservation|confirmation)\b[^\d\n]{0,16}$/i;
const OTHER_BEYOND = /(?:заказ|счёт|рейс|订单|航班|单号|注文|便|주문|ऑर्डर|طلب)[^\d\n]{0,16}$/i;
/** A letter of a script other than Latin. */
const BEYOND = /[\u0370-\u1fff\u3040-\ud7ff]/;

/** A telephone. */
export const saysPhone = (before: string): boolean => PHONE.test(before) || (BEYOND.test(before) && PHONE_BEYOND.test(before));
/** An order, a flight and other things that have numbers. */
export const saysOtherNumber = (before: string): boolean =>
  OTHER.test(before) || (BEYOND.test(before) && OTHER_BEYOND.test(before));
