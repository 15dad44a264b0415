### Français

region = Entretien
close = Fermer
load_failed = L’entretien n’a pas pu être chargé. Veuillez actualiser la page pour réessayer.
loading = Chargement de l’entretien…
progress = Progression

go_on = Continuer
skip = Passer
back = Retour
agree = Accepter et continuer
decline = Je n’accepte pas
decline_question = Sans votre accord, l’entretien s’arrête ici. Voulez-vous y mettre fin ?
decline_confirm = Mettre fin à l’entretien
try_again = Réessayer

yes = Oui
no = Non
i_agree = J’accepte
i_disagree = Je n’accepte pas
optional = Facultatif
choose_several = Choisissez toutes les réponses qui conviennent.
rank = Classez ces éléments en commençant par le plus important.
move_up = Monter { $label }
move_down = Descendre { $label }
rank_place = Position { $place }
long_text_keys = Ctrl + Entrée pour continuer
unsupported = Cette question ne peut pas être affichée ici.
time_left = Temps restant : { $time }
time_up = Le temps est écoulé. Vous pouvez encore répondre.

saved = Enregistré
sending = Enregistrement…
not_saved = Pas encore enregistré – nouvelle tentative en cours
refused = Votre réponse n’a pas pu être enregistrée.
retry = Réessayer
answered_elsewhere = Cet entretien s’est poursuivi dans un autre onglet ou une autre fenêtre. Voici où il en est.
saved_on_device = Enregistré sur cet appareil – l’envoi se fera dès que vous serez en ligne
waiting = En attente de la connexion
waiting_kept = Réponses enregistrées sur cet appareil : { $count }. Dès le retour de la connexion, elles seront envoyées et l’entretien reprendra.
waiting_unkept = Réponses pas encore enregistrées : { $count }. Veuillez garder cette page ouverte. Dès le retour de la connexion, elles seront envoyées et l’entretien reprendra.
not_sent = Réponses enregistrées sur cet appareil et pas encore envoyées : { $count }
not_saved_at_all = Ces réponses n’ont pas pu être enregistrées :
perhaps_saved = Il n’est pas certain que ces réponses aient été enregistrées :
no_answer = Aucune réponse
understood = OK

required = Veuillez répondre à cette question.
choose_one = Veuillez choisir une réponse.
must_agree = Veuillez donner votre accord pour continuer.
not_a_number = Veuillez saisir un nombre, par exemple 12 ou 3,5.
not_an_email = Veuillez saisir une adresse e-mail, par exemple nom@example.com.
not_a_date = Veuillez saisir une date complète.
too_small = Le minimum possible est { $limit }.
too_large = Le maximum possible est { $limit }.
too_short =
    { $count ->
        [one] Veuillez écrire au moins { $count } caractère.
        [many] Veuillez écrire au moins { $count } de caractères.
       *[other] Veuillez écrire au moins { $count } caractères.
    }
too_long =
    { $count ->
        [one] Veuillez écrire { $count } caractère au maximum.
        [many] Veuillez écrire { $count } de caractères au maximum.
       *[other] Veuillez écrire { $count } caractères au maximum.
    }
too_few =
    { $count ->
        [one] Veuillez choisir au moins { $count } réponse.
        [many] Veuillez choisir au moins { $count } de réponses.
       *[other] Veuillez choisir au moins { $count } réponses.
    }
too_many =
    { $count ->
        [one] Veuillez choisir { $count } réponse au maximum.
        [many] Veuillez choisir { $count } de réponses au maximum.
       *[other] Veuillez choisir { $count } réponses au maximum.
    }

back_to_answers = Vos réponses jusqu’ici
change = Modifier
change_answer = Modifier votre réponse à : { $question }
keep_answer = La laisser telle quelle

file_choose = Choisir un fichier
file_choose_several = Choisir des fichiers
file_drop = ou à déposer ici
file_remove = Retirer { $name }
file_uploading = Envoi en cours…
file_paused = Envoi en pause – il reprendra dès que vous serez en ligne
file_done = Envoyé
file_failed = L’envoi a échoué.
file_too_large = Ce fichier est trop volumineux. Le maximum est de { $size }.
file_wrong_type = Ce type de fichier n’est pas accepté. Types possibles : { $types }.
file_limit =
    { $count ->
        [one] { $count } fichier au maximum
        [many] { $count } de fichiers au maximum
       *[other] { $count } fichiers au maximum
    }
file_images = images
file_audio = audio
file_videos = vidéo
file_text = texte
file_waiting = L’entretien continuera dès que tout sera envoyé.

record_audio = Enregistrer votre réponse
record_video = Enregistrer une vidéo
record_asking = Veuillez autoriser l’enregistrement lorsque votre navigateur le demande.
record_think = Prenez le temps d’y réfléchir. L’enregistrement commence dans { $time }
record_now = Commencer maintenant
record_start = Commencer l’enregistrement
record_stop = Arrêter l’enregistrement
record_recording = Enregistrement en cours
record_level = Volume sonore
record_preview = Votre enregistrement
record_again = Recommencer
record_retakes_left =
    { $count ->
        [one] Vous pouvez recommencer { $count } fois.
        [many] Vous pouvez recommencer { $count } de fois.
       *[other] Vous pouvez recommencer { $count } fois.
    }
record_use = Utiliser cet enregistrement
record_denied_audio = Votre navigateur ne permet pas à cette page d’utiliser le micro
record_denied_video = Votre navigateur ne permet pas à cette page d’utiliser la caméra
record_denied_help = Autorisez-le pour cette page dans les paramètres du navigateur et réessayez, ou envoyez plutôt un fichier.
record_no_microphone = Aucun micro n’a été trouvé, ou un autre programme l’utilise.
record_no_camera = Aucune caméra ou aucun micro n’a été trouvé, ou un autre programme les utilise.
record_unsupported = Ce navigateur ne peut pas enregistrer. Vous pouvez envoyer un fichier à la place.
record_upload_instead = Envoyer plutôt un fichier
media_most = { $limit } au maximum
media_insecure = Les fichiers et les enregistrements ne peuvent être envoyés que depuis une page sécurisée (https). Veuillez prévenir les responsables de ce site.

paused = L’entretien est en pause
paused_text = Vos réponses sont conservées. Reprenez quand vous le souhaitez.
the_end = Fin
redirect = Dans un instant, vous passerez sur { $host }.
go_now = Y aller maintenant
stay = Rester ici

invite_expired = Cette invitation a expiré
invite_expired_text = Veuillez demander un nouveau lien aux personnes qui vous ont envoyé l’invitation.
invite_cancelled = Cette invitation a été retirée
invite_cancelled_text = Si vous pensez qu’il s’agit d’une erreur, veuillez contacter les personnes qui vous ont envoyé l’invitation.
invite_completed = Vous avez terminé cet entretien
invite_completed_text = Merci ! Vos réponses ont bien été reçues, il ne reste rien à faire.
campaign_paused = Cet entretien est en pause
campaign_paused_text = Aucune réponse n’est acceptée pour le moment. Veuillez réessayer plus tard.
campaign_closed = Cet entretien est clos
unauthorized = Ce lien ne fonctionne pas
unauthorized_text = Il est peut-être incomplet. Veuillez utiliser le lien que vous avez reçu ou en demander un nouveau.
origin_refused = Cet entretien ne peut pas être affiché sur cette page
origin_refused_text = Veuillez prévenir les responsables de ce site.
unreachable = L’entretien est inaccessible
unreachable_text = Veuillez vérifier votre connexion et réessayer. Les réponses enregistrées sont en sécurité.
unknown = Un problème est survenu
unknown_text = Veuillez réessayer. Les réponses enregistrées sont en sécurité.
