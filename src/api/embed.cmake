# Writes OUTPUT, a C file in which NAME and NAME_size are the octets of INPUT.
file(READ "${INPUT}" octets HEX)
string(REGEX REPLACE "(................................)" "\\1\n" octets "${octets}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets "${octets}")
file(WRITE "${OUTPUT}" "#include <stddef.h>
extern const unsigned char ${NAME}[];
extern const size_t ${NAME}_size;
const unsigned char ${NAME}[] = {
${octets}
};
const size_t ${NAME}_size = sizeof ${NAME};
")
