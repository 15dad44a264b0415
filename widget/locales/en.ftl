### What the widget says by itself. The other languages have the same messages; widget/locales.mjs compiles them all.

## The widget as a whole

region = Interview
close = Close
load_failed = The interview could not be loaded. Please reload the page to try again.
loading = Loading the interview…
progress = Progress

## Going on

go_on = Continue
skip = Skip
back = Back
agree = Agree and continue
decline = I do not agree
decline_question = Without your agreement the interview ends here. Do you want to end it?
decline_confirm = End the interview
try_again = Try again

## Questions

yes = Yes
no = No
i_agree = I agree
i_disagree = I do not agree
optional = Optional
choose_several = Choose all that apply.
rank = Put these in order, the most important first.
move_up = Move { $label } up
move_down = Move { $label } down
rank_place = Place { $place }
long_text_keys = Ctrl + Enter to continue
unsupported = This question cannot be shown here.
time_left = { $time } left
time_up = The time is up. You can still answer.

## How the answer is kept

saved = Saved
sending = Saving…
not_saved = Not saved yet – trying again
refused = Your answer could not be saved.
retry = Retry
answered_elsewhere = This interview went on in another tab or window. Here is where it stands now.
saved_on_device = Saved on this device – will be sent when you are online
waiting = Waiting for the connection
waiting_kept = Answers saved on this device: { $count }. They are sent, and the interview goes on, as soon as the connection is back.
waiting_unkept = Answers not saved yet: { $count }. Please keep this page open. They are sent, and the interview goes on, as soon as the connection is back.
not_sent = Answers saved on this device and not sent yet: { $count }
not_saved_at_all = These answers could not be saved:
perhaps_saved = It is not certain that these answers were saved:
no_answer = No answer
understood = OK

## What is wrong with an answer

required = Please answer this question.
choose_one = Please choose an answer.
must_agree = Please agree to this to continue.
not_a_number = Please enter a number, such as 12 or 3.5.
not_an_email = Please enter an e-mail address, such as name@example.com.
not_a_date = Please enter a complete date.
too_small = The least possible is { $limit }.
too_large = The most possible is { $limit }.
too_short =
    { $count ->
        [one] Please write at least one character.
       *[other] Please write at least { $count } characters.
    }
too_long =
    { $count ->
        [one] Please keep it to one character.
       *[other] Please keep it to { $count } characters or fewer.
    }
too_few =
    { $count ->
        [one] Please choose at least one.
       *[other] Please choose at least { $count }.
    }
too_many =
    { $count ->
        [one] Please choose no more than one.
       *[other] Please choose no more than { $count }.
    }

## Earlier answers

file_done = Uploaded
back_to_answers = Your answers so far
change = Change
change_answer = Change your answer to: { $question }
keep_answer = Keep it as it was

## Files

file_choose = Choose a file
file_choose_several = Choose files
file_drop = or drop it here
file_remove = Remove { $name }
file_uploading = Uploading…
file_paused = Upload paused – it goes on when you are online
file_failed = The upload failed.
file_too_large = This file is too large. The most possible is { $size }.
file_wrong_type = This kind of file is not accepted. Possible: { $types }.
file_limit =
    { $count ->
        [one] At most one file
       *[other] At most { $count } files
    }
file_images = images
file_audio = audio
file_videos = video
file_text = text
file_waiting = The interview goes on as soon as everything is uploaded.

## Recordings

record_audio = Record your answer
record_video = Record a video
record_asking = Please allow the recording when your browser asks.
record_think = Time to think. Recording starts in { $time }
record_now = Record now
record_start = Start recording
record_stop = Stop recording
record_recording = Recording
record_level = Loudness
record_preview = Your recording
record_again = Record again
record_retakes_left =
    { $count ->
        [one] You can record again once.
       *[other] You can record again { $count } times.
    }
record_use = Use this recording
record_denied_audio = Your browser does not let this page use the microphone
record_denied_video = Your browser does not let this page use the camera
record_denied_help = Allow it in the browser’s settings for this page and try again, or send a file instead.
record_no_microphone = No microphone was found, or another program is using it.
record_no_camera = No camera or microphone was found, or another program is using it.
record_unsupported = This browser cannot record. You can send a file instead.
record_upload_instead = Send a file instead
media_most = Up to { $limit }
media_insecure = Files and recordings can be sent from secure pages (https) only. Please tell the owner of this website.

## The end and the pause

paused = The interview is paused
paused_text = Your answers are kept. Go on whenever you like.
the_end = The end
redirect = You will be taken to { $host } in a moment.
go_now = Go there now
stay = Stay here

## When there is nothing to show but a message

invite_expired = This invitation has expired
invite_expired_text = Please ask for a new link from the people who invited you.
invite_cancelled = This invitation was withdrawn
invite_cancelled_text = If you think that this is a mistake, please contact the people who invited you.
invite_completed = You have completed this interview
invite_completed_text = Thank you! Your answers were received, and there is nothing left to do.
campaign_paused = This interview is paused
campaign_paused_text = No answers are being taken at the moment. Please try again later.
campaign_closed = This interview is closed
unauthorized = This link does not work
unauthorized_text = It may be incomplete. Please use the link that you were sent, or ask for a new one.
origin_refused = This interview cannot be shown on this page
origin_refused_text = Please tell the owner of this website.
unreachable = The interview cannot be reached
unreachable_text = Please check your connection and try again. Answers that were saved are safe.
unknown = Something went wrong
unknown_text = Please try again. Answers that were saved are safe.
