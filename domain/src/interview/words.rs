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
];

/// The words of a locale's language, else English.
pub(super) fn of(locale: &str) -> &'static Words {
    let language = locale.split('-').next().unwrap_or(locale);
    OTHERS.iter().find(|words| words.language.eq_ignore_ascii_case(language)).unwrap_or(&ENGLISH)
}
