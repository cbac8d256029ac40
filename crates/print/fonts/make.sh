#!/bin/sh
# Makes the fonts in this folder anew from the ones that their makers give out. Needs apt, npm and Python.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

apt-get install -y -q fonts-noto-cjk
cjk=/usr/share/fonts/opentype/noto
cd "$work"
npm pack --silent @expo-google-fonts/noto-sans@0.4.2
tar xzf expo-google-fonts-noto-sans-*.tgz
python3 -m venv tools
tools/bin/pip install --quiet fonttools==4.68.0

# What a character of GB 2312 is: the bold Chinese font holds those, the regular one every Han character there is in the source.
python3 - > gb2312.txt <<'PY'
for row in range(0xA1, 0xF8):
    for cell in range(0xA1, 0xFF):
        try:
            print(bytes([row, cell]).decode('gb2312'), end='')
        except UnicodeDecodeError:
            pass
PY

lean="--no-hinting --notdef-outline --name-IDs=0,1,2,3,4,5,6,13,14 --name-languages=0x409"
chinese="$lean --font-number=2 --layout-features= --drop-tables+=VORG,vhea,vmtx,GSUB,GPOS,GDEF,BASE,DSIG"
latin="$lean --layout-features=kern,mark,mkmk,ccmp,locl --drop-tables+=DSIG,STAT,gasp,prep"
letters="U+0020-007E,U+00A0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1FFF,U+2000-209F,U+20A0-20CF,U+2100-218F,U+2212,U+25CC"

tools/bin/pyftsubset "$cjk/NotoSansCJK-Regular.ttc" $chinese --output-file="$here/NotoSansSC-Regular.otf" \
  --unicodes="U+0020-2FFF,U+3000-A4CF,U+AC00-D7A3,U+F900-FAFF,U+FE10-FE6F,U+FF00-FFEF,U+20000-3FFFF"
tools/bin/pyftsubset "$cjk/NotoSansCJK-Bold.ttc" $chinese --output-file="$here/NotoSansSC-Bold.otf" --text-file=gb2312.txt \
  --unicodes="U+0020-007E,U+00A0-00FF,U+2000-206F,U+20A0-20CF,U+3000-303F,U+FF00-FFEF"
tools/bin/pyftsubset package/400Regular/NotoSans_400Regular.ttf $latin --output-file="$here/NotoSans-Regular.ttf" --unicodes="$letters"
tools/bin/pyftsubset package/700Bold/NotoSans_700Bold.ttf $latin --output-file="$here/NotoSans-Bold.ttf" --unicodes="$letters"
ls -l "$here"
