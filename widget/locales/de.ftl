### Deutsch

region = Interview
close = Schließen
load_failed = Das Interview konnte nicht geladen werden. Bitte laden Sie die Seite neu, um es noch einmal zu versuchen.
loading = Das Interview wird geladen …
progress = Fortschritt

go_on = Weiter
skip = Überspringen
back = Zurück
agree = Zustimmen und weiter
decline = Ich stimme nicht zu
decline_question = Ohne Ihre Zustimmung endet das Interview hier. Möchten Sie es beenden?
decline_confirm = Interview beenden
try_again = Erneut versuchen

yes = Ja
no = Nein
i_agree = Ich stimme zu
i_disagree = Ich stimme nicht zu
optional = Freiwillig
choose_several = Wählen Sie alles aus, was zutrifft.
rank = Bringen Sie dies in eine Reihenfolge, das Wichtigste zuerst.
move_up = { $label } nach oben
move_down = { $label } nach unten
rank_place = Platz { $place }
long_text_keys = Weiter mit Strg + Eingabe
unsupported = Diese Frage kann hier nicht angezeigt werden.
time_left = Noch { $time }
time_up = Die Zeit ist um. Sie können noch antworten.

saved = Gespeichert
sending = Wird gespeichert …
not_saved = Noch nicht gespeichert – neuer Versuch folgt
refused = Ihre Antwort konnte nicht gespeichert werden.
retry = Jetzt versuchen
answered_elsewhere = Dieses Interview ging in einem anderen Fenster weiter. Hier ist der jetzige Stand.
saved_on_device = Auf diesem Gerät gespeichert – wird gesendet, sobald Sie online sind
waiting = Warten auf die Verbindung
waiting_kept = Auf diesem Gerät gespeicherte Antworten: { $count }. Sobald die Verbindung wieder da ist, werden sie gesendet, und das Interview geht weiter.
waiting_unkept = Noch nicht gespeicherte Antworten: { $count }. Bitte lassen Sie diese Seite offen. Sobald die Verbindung wieder da ist, werden sie gesendet, und das Interview geht weiter.
not_sent = Auf diesem Gerät gespeicherte und noch nicht gesendete Antworten: { $count }
not_saved_at_all = Diese Antworten konnten nicht gespeichert werden:
perhaps_saved = Es ist nicht sicher, ob diese Antworten gespeichert wurden:
no_answer = Keine Antwort
understood = OK

required = Bitte beantworten Sie diese Frage.
choose_one = Bitte wählen Sie eine Antwort.
must_agree = Bitte stimmen Sie zu, um fortzufahren.
not_a_number = Bitte geben Sie eine Zahl ein, etwa 12 oder 3,5.
not_an_email = Bitte geben Sie eine E-Mail-Adresse ein, etwa name@example.com.
not_a_date = Bitte geben Sie ein vollständiges Datum ein.
too_small = Möglich ist erst ab { $limit }.
too_large = Möglich ist höchstens { $limit }.
too_short =
    { $count ->
        [one] Bitte schreiben Sie mindestens ein Zeichen.
       *[other] Bitte schreiben Sie mindestens { $count } Zeichen.
    }
too_long =
    { $count ->
        [one] Bitte schreiben Sie höchstens ein Zeichen.
       *[other] Bitte schreiben Sie höchstens { $count } Zeichen.
    }
too_few =
    { $count ->
        [one] Bitte wählen Sie mindestens eine Antwort.
       *[other] Bitte wählen Sie mindestens { $count } Antworten.
    }
too_many =
    { $count ->
        [one] Bitte wählen Sie höchstens eine Antwort.
       *[other] Bitte wählen Sie höchstens { $count } Antworten.
    }

back_to_answers = Ihre bisherigen Antworten
change = Ändern
change_answer = Ihre Antwort ändern zu: { $question }
keep_answer = So lassen, wie sie war

file_choose = Datei auswählen
file_choose_several = Dateien auswählen
file_drop = oder hier ablegen
file_remove = { $name } entfernen
file_uploading = Wird hochgeladen …
file_paused = Hochladen angehalten – es geht weiter, sobald Sie online sind
file_done = Hochgeladen
file_failed = Das Hochladen ist fehlgeschlagen.
file_too_large = Diese Datei ist zu groß. Möglich sind höchstens { $size }.
file_wrong_type = Diese Art von Datei wird nicht angenommen. Möglich: { $types }.
file_limit =
    { $count ->
        [one] Höchstens eine Datei
       *[other] Höchstens { $count } Dateien
    }
file_images = Bilder
file_audio = Audio
file_videos = Video
file_text = Text
file_waiting = Das Interview geht weiter, sobald alles hochgeladen ist.

record_audio = Antwort aufnehmen
record_video = Video aufnehmen
record_asking = Bitte erlauben Sie die Aufnahme, wenn Ihr Browser danach fragt.
record_think = Zeit zum Nachdenken. Die Aufnahme beginnt in { $time }
record_now = Jetzt aufnehmen
record_start = Aufnahme starten
record_stop = Aufnahme beenden
record_recording = Aufnahme läuft
record_level = Lautstärke
record_preview = Ihre Aufnahme
record_again = Neu aufnehmen
record_retakes_left =
    { $count ->
        [one] Sie können noch einmal neu aufnehmen.
       *[other] Sie können noch { $count } Mal neu aufnehmen.
    }
record_use = Diese Aufnahme verwenden
record_denied_audio = Ihr Browser lässt diese Seite das Mikrofon nicht verwenden
record_denied_video = Ihr Browser lässt diese Seite die Kamera nicht verwenden
record_denied_help = Erlauben Sie es in den Einstellungen des Browsers für diese Seite und versuchen Sie es erneut, oder senden Sie stattdessen eine Datei.
record_no_microphone = Es wurde kein Mikrofon gefunden, oder ein anderes Programm verwendet es.
record_no_camera = Es wurde keine Kamera oder kein Mikrofon gefunden, oder ein anderes Programm verwendet sie.
record_unsupported = Dieser Browser kann nicht aufnehmen. Sie können stattdessen eine Datei senden.
record_upload_instead = Stattdessen eine Datei senden
media_most = Höchstens { $limit }
media_insecure = Dateien und Aufnahmen lassen sich nur von sicheren Seiten (https) senden. Bitte sagen Sie denen Bescheid, die diese Website betreiben.

paused = Das Interview ist angehalten
paused_text = Ihre Antworten sind gespeichert. Machen Sie weiter, wann immer Sie möchten.
the_end = Ende
redirect = Sie werden gleich zu { $host } weitergeleitet.
go_now = Jetzt dorthin
stay = Hier bleiben

invite_expired = Diese Einladung ist abgelaufen
invite_expired_text = Bitte lassen Sie sich von den Einladenden einen neuen Link geben.
invite_cancelled = Diese Einladung wurde zurückgezogen
invite_cancelled_text = Wenn Sie das für ein Versehen halten, wenden Sie sich bitte an die Einladenden.
invite_completed = Sie haben dieses Interview abgeschlossen
invite_completed_text = Vielen Dank! Ihre Antworten sind angekommen, es ist nichts weiter zu tun.
campaign_paused = Dieses Interview ist angehalten
campaign_paused_text = Zurzeit werden keine Antworten angenommen. Bitte versuchen Sie es später erneut.
campaign_closed = Dieses Interview ist beendet
unauthorized = Dieser Link funktioniert nicht
unauthorized_text = Vielleicht ist er unvollständig. Bitte nutzen Sie den Link aus Ihrer Einladung oder bitten Sie um einen neuen.
origin_refused = Dieses Interview kann auf dieser Seite nicht gezeigt werden
origin_refused_text = Bitte sagen Sie denen Bescheid, die diese Website betreiben.
unreachable = Das Interview ist nicht erreichbar
unreachable_text = Bitte prüfen Sie Ihre Verbindung und versuchen Sie es erneut. Gespeicherte Antworten sind sicher.
unknown = Etwas ist schiefgegangen
unknown_text = Bitte versuchen Sie es erneut. Gespeicherte Antworten sind sicher.
