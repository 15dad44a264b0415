### 日本語

region = インタビュー
close = 閉じる
load_failed = インタビューを読み込めませんでした。ページを再読み込みして、もう一度お試しください。
loading = インタビューを読み込んでいます…
progress = 進行状況

go_on = 次へ
skip = スキップ
back = 戻る
agree = 同意して次へ
decline = 同意しない
decline_question = 同意いただけない場合、インタビューはここで終了します。終了しますか？
decline_confirm = インタビューを終了
try_again = もう一度試す

yes = はい
no = いいえ
i_agree = 同意します
i_disagree = 同意しません
optional = 任意
choose_several = 当てはまるものをすべて選んでください。
rank = 重要なものから順に並べてください。
move_up = 「{ $label }」を上へ
move_down = 「{ $label }」を下へ
rank_place = { $place }位
long_text_keys = Ctrl + Enterで次へ
unsupported = この質問はここでは表示できません。
time_left = 残り{ $time }
time_up = 時間になりました。引き続き回答できます。

saved = 保存しました
sending = 保存しています…
not_saved = まだ保存されていません。もう一度試みます
refused = 回答を保存できませんでした。
retry = 再試行
answered_elsewhere = このインタビューは別のタブまたはウィンドウで進められました。こちらが現在の状態です。
saved_on_device = このデバイスに保存しました。オンラインになると送信されます
waiting = 接続を待っています
waiting_kept = このデバイスに保存済みの回答：{ $count }件。接続が回復すると送信され、インタビューが再開します。
waiting_unkept = まだ保存されていない回答：{ $count }件。このページを開いたままにしてください。接続が回復すると送信され、インタビューが再開します。
not_sent = このデバイスに保存済みで未送信の回答：{ $count }件
not_saved_at_all = 次の回答は保存できませんでした：
perhaps_saved = 次の回答は保存されたかどうか確認できません：
no_answer = 回答なし
understood = OK

required = この質問に回答してください。
choose_one = 回答を選んでください。
must_agree = 続けるには同意が必要です。
not_a_number = 12や3.5のように、数値を入力してください。
not_an_email = name@example.comのように、メールアドレスを入力してください。
not_a_date = 年月日をすべて入力してください。
too_small = 最小値は{ $limit }です。
too_large = 最大値は{ $limit }です。
too_short =
    { $count ->
       *[other] { $count }文字以上で入力してください。
    }
too_long =
    { $count ->
       *[other] { $count }文字以内で入力してください。
    }
too_few =
    { $count ->
       *[other] { $count }個以上選んでください。
    }
too_many =
    { $count ->
       *[other] 選べるのは{ $count }個までです。
    }

back_to_answers = これまでの回答
change = 変更
change_answer = 次の質問への回答を変更：{ $question }
keep_answer = 変更しない

file_choose = ファイルを選択
file_choose_several = ファイルを選択
file_drop = またはここにドロップ
file_remove = 「{ $name }」を削除
file_uploading = アップロードしています…
file_paused = アップロードを一時停止しました。オンラインになると再開します
file_done = アップロードしました
file_failed = アップロードに失敗しました。
file_too_large = ファイルが大きすぎます。上限は{ $size }です。
file_wrong_type = この種類のファイルは受け付けられません。使用できる種類：{ $types }。
file_limit =
    { $count ->
       *[other] ファイルは{ $count }個まで
    }
file_images = 画像
file_audio = 音声
file_videos = 動画
file_text = テキスト
file_waiting = アップロードがすべて完了すると、インタビューが続きます。

record_audio = 回答を録音
record_video = 動画を撮影
record_asking = ブラウザーに確認が表示されたら、許可してください。
record_think = 考える時間です。開始まであと{ $time }
record_now = 今すぐ開始
record_start = 開始
record_stop = 停止
record_recording = 記録中
record_level = 音量
record_preview = 記録した回答
record_again = やり直す
record_retakes_left =
    { $count ->
       *[other] あと{ $count }回やり直せます。
    }
record_use = この回答を使う
record_denied_audio = ブラウザーがこのページでのマイクの使用を許可していません
record_denied_video = ブラウザーがこのページでのカメラの使用を許可していません
record_denied_help = ブラウザーの設定でこのページに許可してからもう一度お試しいただくか、代わりにファイルを送信してください。
record_no_microphone = マイクが見つからないか、ほかのアプリで使用されています。
record_no_camera = カメラまたはマイクが見つからないか、ほかのアプリで使用されています。
record_unsupported = このブラウザーでは記録できません。代わりにファイルを送信できます。
record_upload_instead = 代わりにファイルを送信
media_most = { $limit }まで
media_insecure = ファイルと記録した回答は、安全なページ（https）からのみ送信できます。このウェブサイトの運営者にお知らせください。

paused = インタビューを一時停止しています
paused_text = 回答は保存されています。いつでも再開できます。
the_end = 終了
redirect = まもなく{ $host }に移動します。
go_now = 今すぐ移動
stay = ここにとどまる

invite_expired = この招待は有効期限が切れています
invite_expired_text = 招待元に新しいリンクをご依頼ください。
invite_cancelled = この招待は取り消されました
invite_cancelled_text = 何かの間違いと思われる場合は、招待元にお問い合わせください。
invite_completed = このインタビューは完了しています
invite_completed_text = ありがとうございました。回答を受け付けました。これ以上の操作は必要ありません。
campaign_paused = このインタビューは一時停止中です
campaign_paused_text = 現在、回答を受け付けていません。しばらくしてからもう一度お試しください。
campaign_closed = このインタビューは終了しました
unauthorized = このリンクは使用できません
unauthorized_text = リンクが途中で切れている可能性があります。お送りしたリンクを使用するか、新しいリンクをご依頼ください。
origin_refused = このインタビューはこのページでは表示できません
origin_refused_text = このウェブサイトの運営者にお知らせください。
unreachable = インタビューに接続できません
unreachable_text = 接続を確認して、もう一度お試しください。保存された回答は失われません。
unknown = 問題が発生しました
unknown_text = もう一度お試しください。保存された回答は失われません。
