//! What is known of words in names of companies in English, German and French. The lists are of what is common and closed, not of what any
//! data happen to have: cities of more than half a million people and some that lend many companies their name, the usual given names and
//! surnames. A word that is on none of them makes a company's name its own.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::places;

/// What a word is in a company's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A legal form wherever it stands.
    Legal,
    /// One only beside others or at an end: "co", "sa", "as".
    WeakLegal,
    /// What many companies do, by the word under which its forms and short forms stand.
    Line(&'static str),
    /// A city or country.
    Place(u16),
    /// A given name or surname.
    Person,
    /// A number as the Romans wrote it.
    Roman(u32),
    /// And, of, the.
    Joint,
    /// No., number.
    NumberSign,
}

const LEGAL: &str = "inc incorporated ltd limited llc llp plc corp corporation gmbh mbh ggmbh ag aktiengesellschaft kg kgaa ohg ug gbr sarl sas sasu \
    eurl snc selarl spa srl bv nv ab oyj pty pte sdn bhd kft doo ooo zao kabushiki lp aps";
const WEAK: &str = "co company sa se as oy oe sca sci scop sc ev eg gesellschaft societe anonyme cie compagnie gesellschaftmbh haftungsbeschraenkt \
    haftungsbeschrankt and und et private public partg gruppe ohne mit beschrankter haftung";
const JOINTS: &str = "and und et the der die das des du de la le les of for fur pour von van y e i d l";
const ROMANS: [(&str, u32); 14] = [
    ("i", 1),
    ("ii", 2),
    ("iii", 3),
    ("iv", 4),
    ("v", 5),
    ("vi", 6),
    ("vii", 7),
    ("viii", 8),
    ("ix", 9),
    ("x", 10),
    ("xi", 11),
    ("xii", 12),
    ("xiii", 13),
    ("xiv", 14),
];

/// Each line: the word, then its other forms and short forms, without marks.
const LINES: &str = "
technology technologies tech technik technologie techno
system systems systeme sys systemes
service services svc svcs svce
solution solutions soln losungen
logistic logistics logistik logistique log
manufacturing mfg manuf manufacture
engineering eng engr engrg ingenieure ingenieurburo ing ingenierie
consulting consultants consultancy beratung unternehmensberatung conseil conseils
international intl int internationale internationaux
industry industries ind industrie
electronic electronics electr elektronik electronique
electric electrical elektro electrique elektrik
pharmaceutical pharmaceuticals pharma pharmazeutika pharmaceutique pharmacie
chemical chemicals chem chemie chimie chemische
construction constr constructions bau construct
laboratory laboratories lab labs labor laboratoire laboratoires
communication communications comm comms kommunikation
association assn assoc associates verein verband
management mgmt mgt
development dev devel developpement entwicklung
distribution distrib distributors vertrieb distributor
transport transports trans transporte transportation spedition sped
software softwares
informatik informatique info information edv
automation automatisierung automatisation
packaging pkg verpackung verpackungen emballage emballages
machinery maschinen maschinenbau mach machines machine
metal metals metall metallbau metallurgie metallverarbeitung
tool tools werkzeug werkzeuge werkzeugbau outils
instrument instruments instr
equipment equip equipements
food foods lebensmittel nahrungsmittel alimentaire
energy energie energies power
hotel hotels hotellerie
trading trade handel handels commerce import export
group gruppe groupe grp
holding holdings beteiligungen beteiligungs
real estate immobilien immobilier immo realty property properties
publishing verlag editions publishers
medical medizin medizintechnik med medicine
security securite sicherheit
insurance versicherung versicherungen assurances assurance
bank banque banking
printing druck druckerei imprimerie
design designs
media medien
marketing werbung publicite advertising
investment investments invest kapital capital
partner partners partenaires
product products produkte produits prod
production productions produktion
material materials materialien materiaux
supply supplies supplier
plastic plastics kunststoff kunststofftechnik plastiques plastique
textile textiles textil
furniture mobel meubles
school schule ecole academy akademie academie
clinic klinik clinique hospital
car cars auto automotive automobile automobiles autohaus
health healthcare gesundheit sante
data daten
digital digitale
network networks netz reseau
global worldwide
central zentral
national nationale
general allgemeine generale
university universitat universite univ
enterprise enterprises unternehmen entreprise entreprises
shop store stores laden boutique
studio studios atelier
agency agentur agence
institute institut inst
company betrieb betriebe
water wasser eaux
gas oil petroleum
environment umwelt environnement
mechanic mechanical mechanik mecanique mech
optic optics optik optique optical
building buildings batiment batiments
restaurant restaurants gastronomie catering
travel reisen voyages tourism
law legal rechtsanwalte avocats kanzlei attorneys
tax steuerberatung steuerberater accounting accountants
";

const PERSONS: &str = "
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua
kenneth kevin brian george edward ronald timothy jason jeffrey ryan mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy
lisa betty margaret sandra ashley kimberly emily donna michelle carol amanda
peter hans klaus wolfgang jurgen dieter manfred uwe werner gunter horst bernd karl carl heinz gerhard stefan stephan andreas christian martin frank
markus matthias jorg ralf sven jens alexander sebastian tobias florian maria ursula monika petra sabine renate helga karin brigitte ingrid erika
andrea gisela claudia susanne gabriele christa christine heike birgit anna julia katharina nicole stefanie
jean pierre michel philippe alain patrick nicolas christophe bernard laurent pascal francois eric jacques olivier isabelle nathalie sylvie
catherine martine christiane valerie sandrine veronique sophie celine anne
smith johnson williams brown jones garcia miller davis rodriguez martinez wilson anderson taylor moore jackson lee thompson white harris sanchez
clark ramirez lewis robinson walker young allen king wright scott hill adams nelson baker hall campbell mitchell carter roberts
muller moller schmidt schmitt schmid schneider fischer weber meyer meier maier mayer wagner becker schulz schulze schultz hoffmann hofmann schafer
koch bauer richter klein wolf schroder neumann schwarz zimmermann braun kruger hartmann lange werner krause lehmann kohler huber kaiser fuchs peters
lang scholz jung hahn keller vogel friedrich gunther berger winkler roth beck lorenz baumann franke albrecht schuster simon ludwig bohm winter kraus
martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre lefevre michel garcia david bertrand roux vincent
fournier morel girard andre mercier dupont lambert bonnet francois martinez legrand garnier faure rousseau blanc guerin
";

/// Every word by what it is; where it is several things the stronger one counts.
static WORDS: LazyLock<HashMap<String, Known>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let mut know = |word: &'static str, known: Known| {
        words.entry(unmarked(word)).or_insert(known);
    };
    ROMANS.into_iter().for_each(|(word, n)| know(word, Known::Roman(n)));
    LEGAL.split_whitespace().for_each(|word| know(word, Known::Legal));
    JOINTS.split_whitespace().for_each(|word| know(word, Known::Joint));
    WEAK.split_whitespace().for_each(|word| know(word, Known::WeakLegal));
    ["no", "nr", "num", "number", "numero", "nummer"].into_iter().for_each(|word| know(word, Known::NumberSign));
    for (at, names) in places::LATIN.lines().enumerate() {
        names.split_whitespace().for_each(|word| know(word, Known::Place(u16::try_from(at).unwrap_or(u16::MAX))));
    }
    for line in LINES.lines() {
        let mut forms = line.split_whitespace();
        let Some(first) = forms.next() else { continue };
        std::iter::once(first).chain(forms).for_each(|word| know(word, Known::Line(first)));
    }
    PERSONS.split_whitespace().for_each(|word| know(word, Known::Person));
    words
});

/// What a word is; it must be folded and [`unmarked`]. Nothing for words that are a company's own.
pub fn known(word: &str) -> Option<Known> {
    WORDS.get(word).copied()
}

/// A word without the marks over its letters, and with the German ways to write them without: müller, mueller and muller are one.
pub fn unmarked(word: &str) -> String {
    let bare = bare(word);
    let mut plain = String::with_capacity(bare.len());
    for c in bare.chars() {
        // ae, oe, ue: the second letter only says that the first has a mark.
        if c != 'e' || !plain.ends_with(['a', 'o', 'u']) {
            plain.push(c);
        }
    }
    plain
}

/// A word without the marks over its letters.
pub fn bare(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut bare = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => bare.push_str("ss"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            'ø' => bare.push('o'),
            'ł' => bare.push('l'),
            'đ' => bare.push('d'),
            c => bare.push(c),
        }
    }
    bare
}
