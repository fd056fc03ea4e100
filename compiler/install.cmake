# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed, and the Debian packages made of it: xsmc (the command with its manual pages, completions, databases
# and policies) and libxsmc-dev (the library with its headers). `cpack -G DEB` in the build folder writes them.
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

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "The xsmc maintainers <xsmc@example.org>")
set(CPACK_COMPONENTS_ALL xsmc dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_XSMC_PACKAGE_NAME xsmc)
set(CPACK_DEBIAN_XSMC_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_XSMC_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_XSMC_PACKAGE_DEPENDS m4)       # reads policies in the checkpolicy dialect
set(CPACK_COMPONENT_XSMC_DESCRIPTION "From one declarative database of hooks xsmc makes the dummy policy, the
plumbing and the Flask hooks of the hypervisor, and checks, derives, compiles
and proves Flask policies against it.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libxsmc-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libsepol-dev, libtree-sitter-dev")
if(XSMC_XENCALL_LIBS)
    string(APPEND CPACK_DEBIAN_DEV_PACKAGE_DEPENDS ", libxen-dev")
endif()
set(CPACK_COMPONENT_DEV_DESCRIPTION "The static library libxsmc, of which the command xsmc is made, with its
headers: databases, policies, their analysis and what is generated of them.")
include(CPack)
