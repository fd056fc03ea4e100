# A binary policy may be any bytes.
printf '\214\377\174\371\010\000\000\000XenFlask\036\000\000\000' > bytes
xsmc query bytes 'a may domain:b on c?'
