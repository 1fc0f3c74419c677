"""Parts of patterns for headings in German, Spanish, French, Portuguese, Chinese and Japanese. Pure."""

INSTALL = r"\binstallier\w*|\binstala\w*|安装|安裝|インストール"
QUICK = r"erste schritte|primeros pasos|inicio rápido|premiers pas|d[ée]marrage|primeiros passos|快速(?:入门|开始|上手)"
LICENCE = r"(?:\b(?:licen[cs]e|lizenz|licencia|licença)|许可证?|许可协议|ライセンス)"
PEOPLE = (
    rf"{LICENCE}\b.*|(?:c[oó]mo )?contribu(?:er|ir|ci|iç).*|mitwirken|danke\b.*|agradec\w+|remerciements|致谢|.*贡献者"
)
