### Português

region = Entrevista
close = Fechar
load_failed = Não foi possível carregar a entrevista. Recarregue a página para tentar novamente.
loading = Carregando a entrevista…
progress = Progresso

go_on = Continuar
skip = Pular
back = Voltar
agree = Concordar e continuar
decline = Não concordo
decline_question = Sem a sua concordância, a entrevista termina aqui. Deseja encerrá-la?
decline_confirm = Encerrar a entrevista
try_again = Tentar novamente

yes = Sim
no = Não
i_agree = Concordo
i_disagree = Não concordo
optional = Opcional
choose_several = Escolha todas as opções que se aplicam.
rank = Coloque estes itens em ordem, começando pelo mais importante.
move_up = Mover { $label } para cima
move_down = Mover { $label } para baixo
rank_place = Posição { $place }
long_text_keys = Ctrl + Enter para continuar
unsupported = Não é possível mostrar esta pergunta aqui.
time_left = Tempo restante: { $time }
time_up = O tempo acabou. Você ainda pode responder.

saved = Salvo
sending = Salvando…
not_saved = Ainda não foi salvo – uma nova tentativa será feita
refused = Não foi possível salvar sua resposta.
retry = Tentar agora
answered_elsewhere = Esta entrevista continuou em outra aba ou janela. Veja como ela está agora.
saved_on_device = Salvo neste dispositivo – será enviado quando houver conexão
waiting = Aguardando a conexão
waiting_kept = Respostas salvas neste dispositivo: { $count }. Assim que a conexão voltar, elas serão enviadas e a entrevista continuará.
waiting_unkept = Respostas ainda não salvas: { $count }. Mantenha esta página aberta. Assim que a conexão voltar, elas serão enviadas e a entrevista continuará.
not_sent = Respostas salvas neste dispositivo e ainda não enviadas: { $count }
not_saved_at_all = Não foi possível salvar estas respostas:
perhaps_saved = Não há certeza de que estas respostas foram salvas:
no_answer = Sem resposta
understood = OK

required = Responda a esta pergunta, por favor.
choose_one = Escolha uma resposta, por favor.
must_agree = Para continuar, é preciso concordar.
not_a_number = Digite um número, por exemplo 12 ou 3,5.
not_an_email = Digite um endereço de e-mail, por exemplo nome@example.com.
not_a_date = Digite uma data completa.
too_small = O mínimo possível é { $limit }.
too_large = O máximo possível é { $limit }.
too_short =
    { $count ->
        [one] Escreva pelo menos { $count } caractere.
        [many] Escreva pelo menos { $count } de caracteres.
       *[other] Escreva pelo menos { $count } caracteres.
    }
too_long =
    { $count ->
        [one] Escreva no máximo { $count } caractere.
        [many] Escreva no máximo { $count } de caracteres.
       *[other] Escreva no máximo { $count } caracteres.
    }
too_few =
    { $count ->
        [one] Escolha pelo menos { $count } resposta.
        [many] Escolha pelo menos { $count } de respostas.
       *[other] Escolha pelo menos { $count } respostas.
    }
too_many =
    { $count ->
        [one] Escolha no máximo { $count } resposta.
        [many] Escolha no máximo { $count } de respostas.
       *[other] Escolha no máximo { $count } respostas.
    }

back_to_answers = Suas respostas até agora
change = Alterar
change_answer = Alterar sua resposta a: { $question }
keep_answer = Deixar como estava

file_choose = Escolher um arquivo
file_choose_several = Escolher arquivos
file_drop = ou solte-o aqui
file_remove = Remover { $name }
file_uploading = Enviando…
file_paused = Envio em pausa – continua quando houver conexão
file_done = Enviado
file_failed = O envio falhou.
file_too_large = Este arquivo é grande demais. O máximo é { $size }.
file_wrong_type = Este tipo de arquivo não é aceito. Tipos possíveis: { $types }.
file_limit =
    { $count ->
        [one] No máximo { $count } arquivo
        [many] No máximo { $count } de arquivos
       *[other] No máximo { $count } arquivos
    }
file_images = imagens
file_audio = áudio
file_videos = vídeo
file_text = texto
file_waiting = A entrevista continua assim que tudo for enviado.

record_audio = Gravar sua resposta
record_video = Gravar um vídeo
record_asking = Permita a gravação quando o navegador perguntar.
record_think = Pense um pouco. A gravação começa em { $time }
record_now = Começar agora
record_start = Começar a gravar
record_stop = Parar de gravar
record_recording = Gravando
record_level = Volume
record_preview = Sua gravação
record_again = Gravar de novo
record_retakes_left =
    { $count ->
        [one] Você pode gravar de novo { $count } vez.
        [many] Você pode gravar de novo { $count } de vezes.
       *[other] Você pode gravar de novo { $count } vezes.
    }
record_use = Usar esta gravação
record_denied_audio = O navegador não permite que esta página use o microfone
record_denied_video = O navegador não permite que esta página use a câmera
record_denied_help = Permita isso nas configurações do navegador para esta página e tente novamente, ou envie um arquivo.
record_no_microphone = Nenhum microfone foi encontrado, ou outro programa o está usando.
record_no_camera = Nenhuma câmera ou nenhum microfone foi encontrado, ou outro programa os está usando.
record_unsupported = Este navegador não consegue gravar. Você pode enviar um arquivo.
record_upload_instead = Enviar um arquivo
media_most = Até { $limit }
media_insecure = Arquivos e gravações só podem ser enviados a partir de páginas seguras (https). Avise quem administra este site.

paused = A entrevista está em pausa
paused_text = Suas respostas estão salvas. Continue quando quiser.
the_end = Fim
redirect = Em instantes você irá para { $host }.
go_now = Ir agora
stay = Ficar aqui

invite_expired = Este convite expirou
invite_expired_text = Peça um novo link a quem enviou o convite.
invite_cancelled = Este convite foi retirado
invite_cancelled_text = Se você acha que houve um engano, fale com quem enviou o convite.
invite_completed = Você concluiu esta entrevista
invite_completed_text = Agradecemos sua participação! Suas respostas foram recebidas e não há mais nada a fazer.
campaign_paused = Esta entrevista está em pausa
campaign_paused_text = No momento, nenhuma resposta está sendo aceita. Tente novamente mais tarde.
campaign_closed = Esta entrevista está encerrada
unauthorized = Este link não funciona
unauthorized_text = Talvez ele esteja incompleto. Use o link que você recebeu ou peça um novo.
origin_refused = Esta entrevista não pode ser mostrada nesta página
origin_refused_text = Avise quem administra este site.
unreachable = Não é possível acessar a entrevista
unreachable_text = Verifique sua conexão e tente novamente. As respostas salvas estão seguras.
unknown = Algo deu errado
unknown_text = Tente novamente. As respostas salvas estão seguras.
