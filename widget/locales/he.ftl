### עברית

region = ריאיון
close = סגירה
load_failed = לא ניתן היה לטעון את הריאיון. כדי לנסות שוב, נא לטעון את הדף מחדש.
loading = הריאיון נטען…
progress = התקדמות

go_on = המשך
skip = דילוג
back = חזרה
agree = הסכמה והמשך
decline = אי־הסכמה
decline_question = ללא הסכמתך הריאיון מסתיים כאן. לסיים אותו?
decline_confirm = סיום הריאיון
try_again = ניסיון חוזר

yes = כן
no = לא
i_agree = הסכמה
i_disagree = אי־הסכמה
optional = לא חובה
choose_several = נא לבחור את כל התשובות המתאימות.
rank = נא לסדר לפי חשיבות, מהחשוב ביותר.
move_up = העברת { $label } למעלה
move_down = העברת { $label } למטה
rank_place = מקום { $place }
long_text_keys = להמשך: Ctrl + Enter
unsupported = לא ניתן להציג כאן את השאלה הזאת.
time_left = הזמן שנותר: { $time }
time_up = הזמן נגמר. עדיין אפשר לענות.

saved = נשמר
sending = בשמירה…
not_saved = עדיין לא נשמר – ייעשה ניסיון נוסף
refused = לא ניתן היה לשמור את התשובה.
retry = ניסיון חוזר
answered_elsewhere = הריאיון הזה נמשך בכרטיסייה או בחלון אחר. זה מצבו כעת.
saved_on_device = נשמר במכשיר הזה – יישלח כשיהיה חיבור לאינטרנט
waiting = ממתינים לחיבור
waiting_kept = תשובות שנשמרו במכשיר הזה: { $count }. ברגע שהחיבור יחזור הן יישלחו והריאיון יימשך.
waiting_unkept = תשובות שעדיין לא נשמרו: { $count }. נא להשאיר את הדף הזה פתוח. ברגע שהחיבור יחזור הן יישלחו והריאיון יימשך.
not_sent = תשובות שנשמרו במכשיר הזה ועדיין לא נשלחו: { $count }
not_saved_at_all = לא ניתן היה לשמור את התשובות האלה:
perhaps_saved = לא בטוח שהתשובות האלה נשמרו:
no_answer = אין תשובה
understood = אישור

required = נא לענות על השאלה הזאת.
choose_one = נא לבחור תשובה.
must_agree = כדי להמשיך יש להסכים לכך.
not_a_number = נא להזין מספר, למשל 12 או 3.5.
not_an_email = נא להזין כתובת דוא״ל, למשל name@example.com.
not_a_date = נא להזין תאריך מלא.
too_small = המינימום האפשרי הוא { $limit }.
too_large = המקסימום האפשרי הוא { $limit }.
too_short =
    { $count ->
        [one] נא לכתוב לפחות תו אחד.
        [two] נא לכתוב לפחות שני תווים.
       *[other] נא לכתוב לפחות { $count } תווים.
    }
too_long =
    { $count ->
        [one] נא לכתוב תו אחד לכל היותר.
        [two] נא לכתוב שני תווים לכל היותר.
       *[other] נא לכתוב { $count } תווים לכל היותר.
    }
too_few =
    { $count ->
        [one] נא לבחור לפחות תשובה אחת.
        [two] נא לבחור לפחות שתי תשובות.
       *[other] נא לבחור לפחות { $count } תשובות.
    }
too_many =
    { $count ->
        [one] נא לבחור תשובה אחת לכל היותר.
        [two] נא לבחור שתי תשובות לכל היותר.
       *[other] נא לבחור { $count } תשובות לכל היותר.
    }

back_to_answers = התשובות שלך עד כה
change = שינוי
change_answer = שינוי התשובה לשאלה: { $question }
keep_answer = להשאיר כפי שהיה

file_choose = בחירת קובץ
file_choose_several = בחירת קבצים
file_drop = או גרירה לכאן
file_remove = הסרת { $name }
file_uploading = בהעלאה…
file_paused = ההעלאה הושהתה – היא תימשך כשיהיה חיבור לאינטרנט
file_done = הועלה
file_failed = ההעלאה נכשלה.
file_too_large = הקובץ גדול מדי. המקסימום האפשרי הוא { $size }.
file_wrong_type = קובץ מסוג זה אינו מתקבל. סוגים אפשריים: { $types }.
file_limit =
    { $count ->
        [one] קובץ אחד לכל היותר
        [two] שני קבצים לכל היותר
       *[other] { $count } קבצים לכל היותר
    }
file_images = תמונות
file_audio = שמע
file_videos = וידאו
file_text = טקסט
file_waiting = הריאיון יימשך מיד עם סיום ההעלאה.

record_audio = הקלטת התשובה
record_video = הקלטת סרטון
record_asking = נא לאשר את ההקלטה כשהדפדפן יבקש זאת.
record_think = זמן לחשוב. ההקלטה תתחיל בעוד { $time }
record_now = להתחיל עכשיו
record_start = התחלת ההקלטה
record_stop = עצירת ההקלטה
record_recording = בהקלטה
record_level = עוצמת הקול
record_preview = ההקלטה שלך
record_again = הקלטה מחדש
record_retakes_left =
    { $count ->
        [one] אפשר להקליט מחדש פעם אחת.
        [two] אפשר להקליט מחדש פעמיים.
       *[other] אפשר להקליט מחדש { $count } פעמים.
    }
record_use = שימוש בהקלטה הזאת
record_denied_audio = הדפדפן אינו מאפשר לדף הזה להשתמש במיקרופון
record_denied_video = הדפדפן אינו מאפשר לדף הזה להשתמש במצלמה
record_denied_help = נא לאפשר זאת לדף הזה בהגדרות הדפדפן ולנסות שוב, או לשלוח קובץ במקום זאת.
record_no_microphone = לא נמצא מיקרופון, או שתוכנה אחרת משתמשת בו.
record_no_camera = לא נמצאו מצלמה או מיקרופון, או שתוכנה אחרת משתמשת בהם.
record_unsupported = הדפדפן הזה אינו יכול להקליט. אפשר לשלוח קובץ במקום זאת.
record_upload_instead = שליחת קובץ במקום זאת
media_most = עד { $limit }
media_insecure = אפשר לשלוח קבצים והקלטות רק מדפים מאובטחים (https). נא להודיע על כך לבעלי האתר.

paused = הריאיון מושהה
paused_text = התשובות שלך שמורות. אפשר להמשיך בכל עת.
the_end = סוף
redirect = בעוד רגע ייפתח האתר { $host }.
go_now = מעבר עכשיו
stay = להישאר כאן

invite_expired = תוקף ההזמנה הזאת פג
invite_expired_text = נא לבקש קישור חדש ממי ששלחו את ההזמנה.
invite_cancelled = ההזמנה הזאת בוטלה
invite_cancelled_text = אם נראה לך שמדובר בטעות, נא לפנות אל מי ששלחו את ההזמנה.
invite_completed = השלמת את הריאיון הזה
invite_completed_text = תודה! התשובות שלך התקבלו, ולא נותר עוד מה לעשות.
campaign_paused = הריאיון הזה מושהה
campaign_paused_text = כרגע לא מתקבלות תשובות. נא לנסות שוב מאוחר יותר.
campaign_closed = הריאיון הזה נסגר
unauthorized = הקישור הזה אינו פועל
unauthorized_text = ייתכן שהוא אינו שלם. נא להשתמש בקישור שנשלח אליך או לבקש קישור חדש.
origin_refused = לא ניתן להציג את הריאיון הזה בדף הזה
origin_refused_text = נא להודיע על כך לבעלי האתר.
unreachable = לא ניתן להגיע אל הריאיון
unreachable_text = נא לבדוק את החיבור ולנסות שוב. התשובות שנשמרו בטוחות.
unknown = משהו השתבש
unknown_text = נא לנסות שוב. התשובות שנשמרו בטוחות.
