//! The few words that the engine itself says.

/// Words in one language.
#[derive(Debug)]
pub(super) struct Words {
    language: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) declined: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    yes: "Yes",
    no: "No",
    declined: "Thank you for your time. Without your agreement the interview does not take place, and nothing was asked.",
};

const OTHERS: &[Words] = &[
    Words {
        language: "ar",
        yes: "نعم",
        no: "لا",
        declined: "شكرًا على وقتكم. لا تُجرى المقابلة من دون موافقتكم، ولم يُطرح أي سؤال.",
    },
    Words {
        language: "de",
        yes: "Ja",
        no: "Nein",
        declined: "Danke für Ihre Zeit. Ohne Ihre Zustimmung findet das Interview nicht statt, und es wurde nichts gefragt.",
    },
    Words {
        language: "es",
        yes: "Sí",
        no: "No",
        declined: "Gracias por su tiempo. Sin su consentimiento la entrevista no se realiza y no se ha preguntado nada.",
    },
    Words {
        language: "fr",
        yes: "Oui",
        no: "Non",
        declined: "Merci de votre temps. Sans votre accord, l’entretien n’a pas lieu et rien n’a été demandé.",
    },
    Words {
        language: "he",
        yes: "כן",
        no: "לא",
        declined: "תודה על הזמן שהקדשת. ללא הסכמתך הריאיון אינו מתקיים, ולא נשאלה אף שאלה.",
    },
    Words {
        language: "ja",
        yes: "はい",
        no: "いいえ",
        declined: "お時間をいただきありがとうございました。同意いただけない場合、インタビューは行われません。質問は何も行われていません。",
    },
    Words {
        language: "pt",
        yes: "Sim",
        no: "Não",
        declined: "Agradecemos o seu tempo. Sem a sua concordância, a entrevista não é realizada e nada foi perguntado.",
    },
    Words {
        language: "zh",
        yes: "是",
        no: "否",
        declined: "感谢您抽出时间。未经您同意，访谈不会进行，也没有提出任何问题。",
    },
];

/// The words of a locale's language, else English.
pub(super) fn of(locale: &str) -> &'static Words {
    let language = locale.split('-').next().unwrap_or(locale);
    // The code that Hebrew had until 1989, which some systems still write.
    let language = if language.eq_ignore_ascii_case("iw") { "he" } else { language };
    OTHERS.iter().find(|words| words.language.eq_ignore_ascii_case(language)).unwrap_or(&ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_language_of_a_locale_decides_and_english_is_for_all_others() {
        let table = [
            ("ar-EG", "نعم"),
            ("DE", "Ja"),
            ("es-MX", "Sí"),
            ("fr", "Oui"),
            ("he", "כן"),
            ("iw-IL", "כן"),
            ("ja", "はい"),
            ("pt-BR", "Sim"),
            ("zh-Hans", "是"),
            ("en-GB", "Yes"),
            ("sv", "Yes"),
        ];
        for (locale, yes) in table {
            assert_eq!(of(locale).yes, yes, "{locale}");
        }
    }
}
