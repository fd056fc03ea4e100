# SPDX-License-Identifier: GPL-2.0-or-later
# Writes page.css and page.js as arrays of C: cmake -D OUT=FILE -D FOLDER=DIR -P embed.cmake
set(text "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/* Made of page.css and page.js. */\n#include \"review/page.h\"\n")
foreach(pair style:page.css script:page.js)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 name)
    list(GET pair 1 file)
    file(READ ${FOLDER}/${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
    string(APPEND text "const char page_${name}[] = {\n${bytes}0\n};\n")
endforeach()
file(WRITE ${OUT} "${text}")
