### 简体中文

region = 访谈
close = 关闭
load_failed = 无法加载访谈。请重新加载页面后再试。
loading = 正在加载访谈…
progress = 进度

go_on = 继续
skip = 跳过
back = 返回
agree = 同意并继续
decline = 我不同意
decline_question = 如果您不同意，访谈将到此结束。要结束访谈吗？
decline_confirm = 结束访谈
try_again = 重试

yes = 是
no = 否
i_agree = 我同意
i_disagree = 我不同意
optional = 选填
choose_several = 请选择所有符合的选项。
rank = 请按重要程度排序，最重要的排在最前。
move_up = 上移“{ $label }”
move_down = 下移“{ $label }”
rank_place = 第 { $place } 位
long_text_keys = 按 Ctrl + Enter 继续
unsupported = 此处无法显示这个问题。
time_left = 剩余 { $time }
time_up = 时间到了，您仍然可以回答。

saved = 已保存
sending = 正在保存…
not_saved = 尚未保存，将再次尝试
refused = 无法保存您的回答。
retry = 立即重试
answered_elsewhere = 此访谈已在另一个标签页或窗口中继续。这里是目前的进度。
saved_on_device = 已保存在此设备上，联网后将会发送
waiting = 正在等待连接
waiting_kept = 已保存在此设备上的回答：{ $count } 个。恢复连接后会自动发送，访谈也会继续。
waiting_unkept = 尚未保存的回答：{ $count } 个。请不要关闭此页面。恢复连接后会自动发送，访谈也会继续。
not_sent = 已保存在此设备上但尚未发送的回答：{ $count } 个
not_saved_at_all = 以下回答无法保存：
perhaps_saved = 无法确定以下回答是否已保存：
no_answer = 未回答
understood = 好

required = 请回答这个问题。
choose_one = 请选择一个答案。
must_agree = 需要您同意才能继续。
not_a_number = 请输入数字，例如 12 或 3.5。
not_an_email = 请输入电子邮件地址，例如 name@example.com。
not_a_date = 请输入完整的日期。
too_small = 最小可为 { $limit }。
too_large = 最大可为 { $limit }。
too_short =
    { $count ->
       *[other] 请至少输入 { $count } 个字符。
    }
too_long =
    { $count ->
       *[other] 请勿超过 { $count } 个字符。
    }
too_few =
    { $count ->
       *[other] 请至少选择 { $count } 项。
    }
too_many =
    { $count ->
       *[other] 最多可选择 { $count } 项。
    }

back_to_answers = 您目前的回答
change = 更改
change_answer = 更改您对此问题的回答：{ $question }
keep_answer = 保持不变

file_choose = 选择文件
file_choose_several = 选择文件
file_drop = 或拖放到此处
file_remove = 移除“{ $name }”
file_uploading = 正在上传…
file_paused = 上传已暂停，联网后将继续
file_done = 已上传
file_failed = 上传失败。
file_too_large = 此文件过大。上限为 { $size }。
file_wrong_type = 不接受此类文件。可用类型：{ $types }。
file_limit =
    { $count ->
       *[other] 最多 { $count } 个文件
    }
file_images = 图片
file_audio = 音频
file_videos = 视频
file_text = 文本
file_waiting = 全部上传完成后，访谈将继续。

record_audio = 录制您的回答
record_video = 录制视频
record_asking = 浏览器询问时，请允许录制。
record_think = 请先思考。距开始录制还有 { $time }
record_now = 立即开始
record_start = 开始录制
record_stop = 停止录制
record_recording = 正在录制
record_level = 音量
record_preview = 您的录制内容
record_again = 重新录制
record_retakes_left =
    { $count ->
       *[other] 还可重新录制 { $count } 次。
    }
record_use = 使用这段录制
record_denied_audio = 浏览器不允许此页面使用麦克风
record_denied_video = 浏览器不允许此页面使用摄像头
record_denied_help = 请在浏览器设置中为此页面授予权限后重试，或改为发送文件。
record_no_microphone = 未找到麦克风，或它正被其他程序使用。
record_no_camera = 未找到摄像头或麦克风，或它们正被其他程序使用。
record_unsupported = 此浏览器无法录制。您可以改为发送文件。
record_upload_instead = 改为发送文件
media_most = 最多 { $limit }
media_insecure = 只能从安全页面（https）发送文件和录制内容。请告知此网站的管理者。

paused = 访谈已暂停
paused_text = 您的回答已保存。您可以随时继续。
the_end = 结束
redirect = 稍后将前往 { $host }。
go_now = 立即前往
stay = 留在此处

invite_expired = 此邀请已过期
invite_expired_text = 请向邀请方索取新的链接。
invite_cancelled = 此邀请已撤回
invite_cancelled_text = 如果您认为这是误操作，请联系邀请方。
invite_completed = 您已完成此访谈
invite_completed_text = 谢谢！我们已收到您的回答，您无需再做任何操作。
campaign_paused = 此访谈已暂停
campaign_paused_text = 目前不接受回答。请稍后再试。
campaign_closed = 此访谈已结束
unauthorized = 此链接无效
unauthorized_text = 链接可能不完整。请使用您收到的链接，或索取新的链接。
origin_refused = 此页面无法显示该访谈
origin_refused_text = 请告知此网站的管理者。
unreachable = 无法连接到访谈
unreachable_text = 请检查网络连接后重试。已保存的回答不会丢失。
unknown = 出现问题
unknown_text = 请重试。已保存的回答不会丢失。
