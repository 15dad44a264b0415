### Español

region = Entrevista
close = Cerrar
load_failed = No se ha podido cargar la entrevista. Vuelva a cargar la página para intentarlo de nuevo.
loading = Cargando la entrevista…
progress = Progreso

go_on = Continuar
skip = Omitir
back = Atrás
agree = Aceptar y continuar
decline = No acepto
decline_question = Sin su consentimiento, la entrevista termina aquí. ¿Desea terminarla?
decline_confirm = Terminar la entrevista
try_again = Intentar de nuevo

yes = Sí
no = No
i_agree = Acepto
i_disagree = No acepto
optional = Opcional
choose_several = Elija todas las respuestas que correspondan.
rank = Ordene estos elementos, empezando por el más importante.
move_up = Subir { $label }
move_down = Bajar { $label }
rank_place = Puesto { $place }
long_text_keys = Ctrl + Intro para continuar
unsupported = Esta pregunta no se puede mostrar aquí.
time_left = Tiempo restante: { $time }
time_up = Se ha acabado el tiempo. Todavía puede responder.

saved = Guardado
sending = Guardando…
not_saved = Aún sin guardar: se intentará de nuevo
refused = No se ha podido guardar su respuesta.
retry = Reintentar
answered_elsewhere = Esta entrevista ha continuado en otra pestaña o ventana. Aquí puede ver cómo está ahora.
saved_on_device = Guardado en este dispositivo: se enviará cuando haya conexión
waiting = Esperando la conexión
waiting_kept = Respuestas guardadas en este dispositivo: { $count }. En cuanto vuelva la conexión se enviarán y la entrevista continuará.
waiting_unkept = Respuestas aún sin guardar: { $count }. Deja esta página abierta. En cuanto vuelva la conexión se enviarán y la entrevista continuará.
not_sent = Respuestas guardadas en este dispositivo y aún sin enviar: { $count }
not_saved_at_all = Estas respuestas no se han podido guardar:
perhaps_saved = No es seguro que estas respuestas se hayan guardado:
no_answer = Sin respuesta
understood = Aceptar

required = Responda a esta pregunta, por favor.
choose_one = Elija una respuesta, por favor.
must_agree = Para continuar es necesario que acepte.
not_a_number = Escriba un número, por ejemplo 12 o 3,5.
not_an_email = Escriba una dirección de correo electrónico, por ejemplo nombre@example.com.
not_a_date = Escriba una fecha completa.
too_small = El mínimo posible es { $limit }.
too_large = El máximo posible es { $limit }.
too_short =
    { $count ->
        [one] Escriba al menos un carácter.
        [many] Escriba al menos { $count } de caracteres.
       *[other] Escriba al menos { $count } caracteres.
    }
too_long =
    { $count ->
        [one] Escriba un carácter como máximo.
        [many] Escriba { $count } de caracteres como máximo.
       *[other] Escriba { $count } caracteres como máximo.
    }
too_few =
    { $count ->
        [one] Elija al menos una respuesta.
        [many] Elija al menos { $count } de respuestas.
       *[other] Elija al menos { $count } respuestas.
    }
too_many =
    { $count ->
        [one] Elija una respuesta como máximo.
        [many] Elija { $count } de respuestas como máximo.
       *[other] Elija { $count } respuestas como máximo.
    }

back_to_answers = Sus respuestas hasta ahora
change = Cambiar
change_answer = Cambiar su respuesta a: { $question }
keep_answer = Dejarla como estaba

file_choose = Elegir un archivo
file_choose_several = Elegir archivos
file_drop = o suéltelo aquí
file_remove = Quitar { $name }
file_uploading = Subiendo…
file_paused = Subida en pausa: seguirá cuando haya conexión
file_done = Subido
file_failed = La subida ha fallado.
file_too_large = Este archivo es demasiado grande. El máximo es { $size }.
file_wrong_type = No se acepta este tipo de archivo. Tipos posibles: { $types }.
file_limit =
    { $count ->
        [one] Un archivo como máximo
        [many] { $count } de archivos como máximo
       *[other] { $count } archivos como máximo
    }
file_images = imágenes
file_audio = audio
file_videos = vídeo
file_text = texto
file_waiting = La entrevista sigue en cuanto se haya subido todo.

record_audio = Grabar su respuesta
record_video = Grabar un vídeo
record_asking = Permita la grabación cuando el navegador lo pregunte.
record_think = Piénselo un momento. La grabación empieza en { $time }
record_now = Empezar ahora
record_start = Empezar a grabar
record_stop = Dejar de grabar
record_recording = Grabando
record_level = Volumen
record_preview = Su grabación
record_again = Grabar de nuevo
record_retakes_left =
    { $count ->
        [one] Puede grabar de nuevo una vez.
        [many] Puede grabar de nuevo { $count } de veces.
       *[other] Puede grabar de nuevo { $count } veces.
    }
record_use = Usar esta grabación
record_denied_audio = El navegador no permite que esta página use el micrófono
record_denied_video = El navegador no permite que esta página use la cámara
record_denied_help = Permítalo en los ajustes del navegador para esta página e inténtelo de nuevo, o envíe un archivo en su lugar.
record_no_microphone = No se ha encontrado ningún micrófono, o lo está usando otro programa.
record_no_camera = No se ha encontrado ninguna cámara o ningún micrófono, o los está usando otro programa.
record_unsupported = Este navegador no puede grabar. Puede enviar un archivo en su lugar.
record_upload_instead = Enviar un archivo en su lugar
media_most = Hasta { $limit }
media_insecure = Los archivos y las grabaciones solo se pueden enviar desde páginas seguras (https). Avise a quienes gestionan este sitio web.

paused = La entrevista está en pausa
paused_text = Sus respuestas están guardadas. Continúe cuando quiera.
the_end = Fin
redirect = En un momento pasará a { $host }.
go_now = Ir ahora
stay = Quedarse aquí

invite_expired = Esta invitación ha caducado
invite_expired_text = Pida un nuevo enlace a quienes le enviaron la invitación.
invite_cancelled = Esta invitación se ha retirado
invite_cancelled_text = Si cree que se trata de un error, póngase en contacto con quienes le enviaron la invitación.
invite_completed = Ha completado esta entrevista
invite_completed_text = ¡Gracias! Hemos recibido sus respuestas y no queda nada más por hacer.
campaign_paused = Esta entrevista está en pausa
campaign_paused_text = En este momento no se aceptan respuestas. Inténtelo de nuevo más tarde.
campaign_closed = Esta entrevista está cerrada
unauthorized = Este enlace no funciona
unauthorized_text = Puede que esté incompleto. Use el enlace que recibió o pida uno nuevo.
origin_refused = Esta entrevista no se puede mostrar en esta página
origin_refused_text = Avise a quienes gestionan este sitio web.
unreachable = No se puede acceder a la entrevista
unreachable_text = Compruebe su conexión e inténtelo de nuevo. Las respuestas guardadas están a salvo.
unknown = Algo ha fallado
unknown_text = Inténtelo de nuevo. Las respuestas guardadas están a salvo.
