/**
 * Values to plant, written for this evaluation before the rules and lists that look for them. Every second one is held out: no rule was tuned
 * with it. People are drawn by combining given names and surnames of one culture.
 */

const split = (list: string): readonly string[] => list.split('|');

interface Culture {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  /** Between given name and surname; the surname comes first where `isSurnameFirst`. */
  readonly joint?: string;
  readonly isSurnameFirst?: boolean;
}

/** In Latin letters. */
export const LATIN: Readonly<Record<string, Culture>> = {
  english: {
    given: split('Oliver|Charlotte|Harry|Amelia|Nathaniel|Beatrice|Trevor|Gwendolyn|Marcus|Felicity|Desmond|Rosalind|Callum|Imogen|Dwayne|Keisha|Bradley|Tabitha|Rupert|Shaniqua'),
    surnames: split('Whitfield|Ashcroft|Pemberton|Okafor|Hargreaves|Blackwood|Thornton|McAllister|Fitzgerald|Delacroix|Harrington|Osborne|Winslow|Barrow|Kirkpatrick|Lockhart|Bramwell|Ellsworth|Holloway|Jefferson'),
  },
  indian: {
    given: split('Aarti|Rajesh|Sunita|Vikram|Ananya|Suresh|Lakshmi|Harpreet|Karthik|Meenakshi|Sandeep|Divya|Ramesh|Pooja|Venkatesh|Ishaan|Gurpreet|Nandini|Abhishek|Shreya'),
    surnames: split('Iyer|Chaudhary|Reddy|Mukherjee|Krishnan|Deshmukh|Banerjee|Agarwal|Nair|Subramaniam|Bhattacharya|Chauhan|Pillai|Tripathi|Kulkarni|Srinivasan|Mehta|Dhillon|Rao|Joshi'),
  },
  chinese: {
    given: split('Xiaoming|Lihua|Jianguo|Meiling|Zihan|Yuxuan|Haoran|Wenjing|Zhiqiang|Xinyi|Guoqiang|Yating|Junjie|Ruolan|Weimin|Chunhua'),
    surnames: split('Zhang|Huang|Zheng|Xie|Deng|Cao|Tang|Xiao|Zhou|Shen|Jiang|Luo|Liang|Qiu|Fang|Peng'),
  },
  japanese: {
    given: split('Haruto|Yui|Kenji|Sakura|Takeshi|Ayumi|Daisuke|Naoko|Shinji|Misaki|Ryota|Emiko|Tatsuya|Chihiro|Yusuke|Kaori'),
    surnames: split('Watanabe|Nakamura|Kobayashi|Yoshida|Matsumoto|Inoue|Kimura|Shimizu|Saito|Hasegawa|Okada|Fujimoto|Ishikawa|Endo|Nishimura|Kondo'),
  },
  korean: {
    given: split('Minjun|Seoyeon|Jihoon|Hayoon|Sungmin|Eunji|Donghyun|Soojin|Taeyang|Yejin|Hyunwoo|Jiwoo'),
    surnames: split('Kim|Park|Choi|Jung|Kang|Yoon|Jang|Lim|Shin|Kwon|Hwang|Bae'),
  },
  arabic: {
    given: split('Mohammed|Fatima|Khalid|Aisha|Omar|Layla|Tariq|Noura|Mustafa|Salma|Abdulrahman|Huda|Bilal|Zainab|Karim|Rania'),
    surnames: split('Al-Farsi|Hussein|Mansour|El-Sayed|Haddad|Khoury|Al-Rashid|Qureshi|Nasser|Benali|Farouk|Shaikh|Saleh|Abdullah|Bouazizi|Hamdan'),
  },
  slavic: {
    given: split('Dmitri|Oksana|Sergei|Svetlana|Bogdan|Katarzyna|Vladislav|Ludmila|Wojciech|Milena|Zdenek|Jelena|Yuri|Natalya|Grzegorz|Anastasia'),
    surnames: split('Volkov|Shevchenko|Kuznetsova|Wisniewski|Petrovic|Bondarenko|Sokolov|Dvorak|Nowakowska|Morozova|Jovanovic|Lysenko|Zielinski|Novotny|Fedorov|Kravchuk'),
  },
  turkish: {
    given: split('Mehmet|Ayse|Emre|Zeynep|Mustafa|Elif|Burak|Gulsah|Serkan|Nurhan|Hakan|Tugba'),
    surnames: split('Yildiz|Ozturk|Kaya|Aydin|Arslan|Celik|Dogan|Kilic|Cetin|Korkmaz|Erdem|Polat'),
  },
  spanish: {
    given: split('Alejandro|Guadalupe|Joaquin|Ximena|Rodrigo|Thiago|Luciana|Esteban|Catalina|Joao|Beatriz|Matheus|Ines|Ramiro|Paloma|Vinicius'),
    surnames: split('Gutierrez|Castellanos|Oliveira|Villanueva|Fonseca|Dominguez|Cardoso|Salazar|Echeverria|Pacheco|Azevedo|Quiroga|Montoya|Nogueira|Bustamante|Figueroa'),
  },
  vietnamese: {
    given: split('Thanh|Huong|Quang|Linh|Duc|Thuy|Minh|Phuong|Tuan|Ngoc|Hieu|Trang'),
    surnames: split('Nguyen|Tran|Pham|Hoang|Phan|Dang|Bui|Vo|Ngo|Duong|Truong|Dinh'),
  },
  african: {
    given: split('Chinedu|Amara|Kwame|Abena|Thabo|Nomvula|Oluwaseun|Wanjiru|Sipho|Adaeze|Tendai|Makena'),
    surnames: split('Adeyemi|Mensah|Dlamini|Nwosu|Mwangi|Boateng|Ndlovu|Kamau|Eze|Asante|Moyo|Achebe'),
  },
  european: {
    given: split('Lukas|Annika|Matthias|Giulia|Anders|Chantal|Lorenzo|Sanne|Florian|Ingrid|Thierry|Mireille|Gunnar|Liesbeth|Maximilian|Antonella'),
    surnames: split('Schneider|Lindström|Lefebvre|Esposito|de Vries|Hofmann|Marchetti|Johansson|Girard|van den Berg|Zimmermann|Bjornstad|Moreau|Ferraro|Baumgartner|Halvorsen'),
  },
}; // prettier-ignore

/** Each person in the script's own way of writing; the kind of template that is written in that language. */
export const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  cyrillic: split(
    'Иван Смирнов|Мария Кузнецова|Дмитрий Соколов|Елена Новикова|Олексій Шевченко|Тетяна Бондаренко|Анна Петровна Волкова|Сергей Викторович Лебедев|Наталья Козловская|Андрей Зайцев|Екатерина Морозова|Николай Белоусов|Юлия Тимофеева|Павел Рыжков|Оксана Гнатюк|Владимир Орлов|Ирина Сергеевна Жукова|Максим Громов|Георги Димитров|Светлана Ковальчук|Михаил Левицкий|Дарья Савельева|Роман Кравчук|Людмила Фролова|Артём Никитин|Ольга Щербакова|Стефан Петровић|Алина Мельник|Виктор Пономарёв|Ксения Абрамова',
  ),
  han: split(
    '王小明|李娜|张伟|刘洋|陈静|杨建国|黄丽华|赵雅婷|周杰|吴佳怡|徐志强|孙梦瑶|马晓东|朱婷婷|胡海波|林志玲|郭俊杰|何雨欣|高文博|罗玉兰|欧阳娜|司马云|郑国强|梁思成|谢婉莹|唐子涵|韩雪梅|冯德伦|曹春燕|彭家豪|曾宪明|萧亚轩|田甜|董洁茹|袁泉|潘晓婷|诸葛亮平|蔡依依|余秋雨|叶丽仪',
  ),
  kanji: split(
    '佐藤健太|鈴木花子|高橋美咲|田中一郎|渡辺直美|伊藤さくら|山本太郎|中村優子|小林大輔|加藤翔|吉田陽菜|山田孝之|佐々木希|山口百恵|松本潤|井上真央|木村拓也|清水美砂|斎藤工|森本龍太郎|池田エライザ|橋本環奈|石川遼|前田敦子|藤田まこと|岡田准一|後藤久美子|長谷川博己|村上春子|近藤真彦',
  ),
  devanagari: split(
    'राहुल शर्मा|प्रिया वर्मा|अमित कुमार|सुनीता देवी|राजेश गुप्ता|नेहा सिंह|विकास यादव|पूजा मिश्रा|संजय पाटिल|अंजलि जोशी|मोहन लाल|कविता नायर|दीपक चौधरी|रेखा त्रिपाठी|अर्जुन मेहता|लक्ष्मी अय्यर|सुरेश रेड्डी|मीना कुमारी|विजय शुक्ला|आरती पांडे',
  ),
  hangul: split(
    '김민준|이서연|박지훈|최수빈|정우성|강하늘|조은지|윤도현|장미란|임재범|한지민|오세훈|서예진|신동엽|권나라|황정음|안재현|송하윤|류준열|홍길순',
  ),
  arabic_script: split(
    'محمد العلي|فاطمة الزهراء|أحمد حسن|خالد منصور|نورة السعيد|عمر الفاروق|ليلى حداد|يوسف الخطيب|مريم ناصر|عبد الله الحربي|سارة القحطاني|حسين عباس|زينب كاظم|طارق الشمري|هدى سليمان|إبراهيم درويش',
  ),
  greek: split(
    'Γιώργος Παπαδόπουλος|Μαρία Οικονόμου|Νίκος Καζαντζής|Ελένη Βλάχου|Δημήτρης Αγγελόπουλος|Κατερίνα Μυλωνά|Στέλιος Κυριακίδης|Αγγελική Ζαφείρη|Θανάσης Τριανταφύλλου|Σοφία Δεληγιάννη|Παναγιώτης Μπουρνάζος|Ιωάννα Σταματίου|Ορέστης Λαζαρίδης|Δέσποινα Καρρά|Μανώλης Φραγκιαδάκης|Χριστίνα Ντόκου|Λευτέρης Πανταζής|Βασιλική Γκίκα',
  ),
  bengali: split(
    'রহিম উদ্দিন|ফাতেমা বেগম|সুমন চক্রবর্তী|নুসরাত জাহান|অরিন্দম মুখোপাধ্যায়|তাসলিমা আক্তার|সৌরভ গাঙ্গুলি|মেহজাবিন চৌধুরী|তানভীর হোসেন|প্রিয়াঙ্কা দাস|জাহিদ হাসান|শ্রাবন্তী ঘোষ|আরিফুল ইসলাম|মৌসুমী সরকার|দেবাশিস বসু|রুবিনা খাতুন',
  ),
  tamil: split(
    'ராஜேஷ் குமார்|கவிதா சுந்தரம்|முருகன் பழனிசாமி|மீனாட்சி அம்மாள்|கார்த்திக் நடராஜன்|திவ்யா ராமச்சந்திரன்|செந்தில் வேலன்|லட்சுமி நாராயணன்|அரவிந்த் சுப்பிரமணியன்|ரேவதி கண்ணன்|விக்னேஷ் சிவா|சங்கீதா மோகன்|பிரகாஷ் ராஜ்|உமா மகேஸ்வரி|தினேஷ் கார்த்திக்|நித்யா மேனன்',
  ),
  hebrew: split(
    'דוד כהן|נועה לוי|יוסי מזרחי|מיכל רוזנפלד|איתי ביטון|שירה גולן|אבי שטרית|רונית אלקבץ|עומר פרץ|תמר וייס|גלעד קליין|יעל נאור|משה דהן|הדס שפירא|ניר בן ארי|אסתר אוחנה',
  ),
  thai: split(
    'สมชาย ใจดี|สุดารัตน์ แก้วมณี|ประเสริฐ ศรีสุข|กมลชนก พงษ์พานิช|วิชัย รุ่งเรือง|ปิยะดา ทองคำ|ณัฐพล จันทร์ดี|มณีรัตน์ สายทอง|อนันต์ บุญมา|ศิริพร วงศ์สวัสดิ์|ธนกฤต พานิชกุล|รัตนา สุขสันต์|กิตติศักดิ์ มีชัย|เบญจมาศ ศรีวิไล|สุรชัย ทองแท้|วราภรณ์ เพชรดี',
  ),
  han_no_cue: split(
    '王建华|李晓红|张国强|刘雅琴|陈志明|杨丽萍|黄文杰|赵海燕|周梦洁|吴永康|徐静雯|孙立军|马玉芳|朱家辉|何秀英|林嘉欣|郭德纲|梁朝伟|宋慧乔|唐国强|刘敏|陈刚|赵磊|孙芳',
  ),
  hangul_no_cue: split(
    '김지훈|박서연|이민호|최유진|정수빈|강동원|윤아름|조민재|장서희|임창정|한예슬|오지호|신민아|권상우|황보라|안성기|송중기|류승룡|전지현|배두나|백종원|노홍철|문채원|서강준',
  ),
}; // prettier-ignore

export const ORGANIZATIONS = split(
  'Brightwater Logistics Inc|Kestrel & Vane LLP|Halcyon Biotech GmbH|Quillfeather Publishing Ltd|Ironbark Mining Corp|Meridian Trust Bank|University of Eastvale|Saint Brigid Hospital|Torvald Shipping AS|Pinecrest Capital Partners|Nimbus Robotics Pvt. Ltd.|Larkspur Insurance Group|Redfern Solicitors LLP|Castellan Foods S.A.|Blue Heron Software, Inc.|Ostrava Steelworks a.s.|Fairmont Community College|Vantage Point Consulting|Goldcrest Holdings|Summit Ridge Clinic|Zephyr Airlines|Copperfield Energy Co.|Maplewood High School|Osprey Medical Center|Cobalt Systems LLC|Harbourview Credit Union|Delphine Cosmetics SARL|Northgate Pharmacy|Wexford Institute of Technology|Tanaka Motors Co., Ltd.|Rosewood Hotels|Anderson, Price & Cole LLP|Silverline Telecom PLC|Evergreen Foundation|Bluestone Ventures|Kingsbridge Council|Atlas Freight Company|Juniper Dental Group|Aurora Media Network|Westbrook School District',
);

/** Names that tell nothing by themselves: the words around must. */
export const BARE_ORGANIZATIONS = split(
  'Initrode|Globex|Vandelay|Hooligate|Soylentia|Brightpath|Cyberdynamo|Oscorpia|Tyrellon|Aperturex|Umbrexa|Massivex|Zentria|Quorvia|Nexalon|Fabrikon',
);

/** Organizations in other scripts. */
export const SCRIPT_ORGANIZATIONS: Readonly<Record<string, readonly string[]>> = {
  cyrillic: split('ООО «Вектор»|АО «Северсталь-Транс»|ЗАО «Ромашка»|ПАО «Энергобанк»|ТОВ «Світанок»|ООО «Альфа-Сервис»'),
  han: split('北京星辰科技有限公司|上海浦江贸易公司|深圳市宏图电子有限公司|杭州西湖医院|南方工商银行|广州明德大学'),
  kanji: split('株式会社桜井製作所|有限会社山下商店|北日本電機株式会社|合同会社ミライ|東都大学病院|株式会社オーロラ'),
}; // prettier-ignore

export const PLACES = split(
  'Manchester|Nairobi|São Paulo|Hyderabad|Gothenburg|Kraków|Osaka|Guadalajara|Leipzig|Auckland|Montreal|Casablanca|Rotterdam|Denver|Lyon|Jakarta|Tbilisi|Valencia|Minneapolis|Calgary|Portugal|Vietnam|Ghana|Norway|Colombia|Bangladesh|New Zealand|Sri Lanka|South Africa|Costa Rica|Salt Lake City|Buenos Aires|Kuala Lumpur|Cape Town|Nova Scotia|Tel Aviv|San Antonio|Rio de Janeiro|Ljubljana|Tallinn',
);

export const STREETS = split(
  '48 Larch Avenue|1207 Old Mill Road|9 Rue des Lilas|Gartenstraße 17|331 N Kedzie Blvd|22B Baker Street|Calle Mayor 45|Via Garibaldi 12|77 Wattle Crescent|5600 Oak Hollow Drive, Apt 4C|Prinsengracht 263|Kungsgatan 8|14 Harbour View Terrace|2190 Sunset Blvd, Suite 300|Hauptstrasse 99|Avenida Paulista 1578|P.O. Box 4471|810 Sycamore Lane|6 Chestnut Close|Rua Augusta 1200|18 MG Road|405 Elm St|Ulica Długa 7|120 W 45th Street|3 Abbey Court|Bahnhofstrasse 21|67 Queens Parade|1 Infinite Loop Drive|250 Pine Street, Floor 2|Plaza de España 3',
);

export const ZIPS = split(
  '90210|10001-1234|60614|94107|SW1A 1AA|M5V 2T6|K1A 0B1|75008|10115|1012 AB|02139|EC2A 4BX|33101|110001|560034|78701|80331|2000|LS1 4DY|98101',
);
