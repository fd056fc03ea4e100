# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed, in two components: xsmc (the command with its manual pages, completions, databases and policies) and
# dev (the library with its headers). packages.cmake makes Debian packages of them.
include(GNUInstallDirs)

install(TARGETS xsmc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT xsmc)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/hooks-db ${PROJECT_SOURCE_DIR}/policy
        DESTINATION ${CMAKE_INSTALL_DATADIR}/xsmc COMPONENT xsmc)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${CMAKE_CURRENT_SOURCE_DIR}/LANGUAGE.md ${CMAKE_CURRENT_SOURCE_DIR}/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/xsmc COMPONENT xsmc)
install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libxsmc-dev COMPONENT dev)
foreach(package IN ITEMS xsmc dev)
    string(REPLACE dev libxsmc-dev folder ${package})
    install(FILES ${GRAMMAR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${folder} COMPONENT ${package}
            RENAME LICENSE.tree-sitter-c OPTIONAL)
endforeach()

# Manual pages and completions are what the program itself says.
find_program(GZIP gzip REQUIRED)
set(MADE ${CMAKE_CURRENT_BINARY_DIR}/made)
file(MAKE_DIRECTORY ${MADE})
file(READ cli/commands.h table)
string(REGEX MATCHALL "X\\([a-z]+\\)" rows "${table}")
list(TRANSFORM rows REPLACE "X\\(([a-z]+)\\)" "xsmc-\\1" OUTPUT_VARIABLE pages)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cli/commands.h)
foreach(page IN ITEMS xsmc ${pages})
    string(REGEX REPLACE "^xsmc-?" "" command ${page})
    add_custom_command(OUTPUT ${MADE}/${page}.1.gz DEPENDS xsmc VERBATIM
                       COMMAND xsmc manual ${command} > ${MADE}/${page}.1 COMMAND ${GZIP} -9nf ${MADE}/${page}.1)
    list(APPEND PAGES ${MADE}/${page}.1.gz)
endforeach()
function(completion shell folder file)
    add_custom_command(OUTPUT ${MADE}/${file} DEPENDS xsmc VERBATIM COMMAND xsmc completion ${shell} > ${MADE}/${file})
    install(FILES ${MADE}/${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT xsmc)
    set(COMPLETIONS ${COMPLETIONS} ${MADE}/${file} PARENT_SCOPE)
endfunction()
completion(bash bash-completion/completions xsmc)
completion(zsh zsh/vendor-completions _xsmc)
completion(fish fish/vendor_completions.d xsmc.fish)
install(FILES ${PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT xsmc)
add_custom_target(made ALL DEPENDS ${PAGES} ${COMPLETIONS})

# Headers keep their folders: #include "model/model.h" with the flags of pkg-config. One that says it is private is not
# installed.
install(TARGETS libxsmc ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
file(GLOB HEADERS CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */*.h)
list(FILTER HEADERS EXCLUDE REGEX "^cli/")
foreach(header IN LISTS HEADERS)
    file(STRINGS ${header} private REGEX "Private to" LIMIT_COUNT 1)
    if(NOT private)
        get_filename_component(folder ${header} DIRECTORY)
        install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/xsmc/${folder} COMPONENT dev)
    endif()
endforeach()
# Found from where the file lies, so that the tree can be moved.
file(RELATIVE_PATH TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(libxsmc.pc.in ${CMAKE_CURRENT_BINARY_DIR}/libxsmc.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libxsmc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
