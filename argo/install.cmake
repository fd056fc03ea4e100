# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed, in four components, of which packages.cmake makes Debian packages: argopatch (the library),
# argopatch-dev, argo-patch (the tools) and argo-guest.
include(GNUInstallDirs)
find_program(GZIP gzip REQUIRED)

install(TARGETS argopatch
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT argopatch NAMELINK_COMPONENT argopatch-dev)
install(FILES lib/argopatch.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT argopatch-dev)
# Found from where the file lies, so that the tree can be moved.
file(RELATIVE_PATH TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(lib/argopatch.pc.in argopatch.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/argopatch.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT argopatch-dev)

install(TARGETS argo-patch argo-patchd RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR} COMPONENT argo-patch)
install(TARGETS argo-cat RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT argo-guest)
install(FILES ${GUEST} guest/argo-linux.h guest/argo-port.h
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/argo-guest/examples COMPONENT argo-guest)

# What the tools read is not below a prefix.
install(FILES services DESTINATION /etc/argo-patch COMPONENT argo-patch)
install(FILES systemd/argo-patchd.service DESTINATION lib/systemd/system COMPONENT argo-patch)
install(FILES completion/argo-patch.bash RENAME argo-patch
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT argo-patch)
install(FILES completion/_argo-patch DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT argo-patch)
install(FILES completion/argo-patch.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT argo-patch)

function(argo_manual component)
    foreach(page IN LISTS ARGN)
        string(REGEX REPLACE ".*[.]" "" section ${page})
        add_custom_command(OUTPUT ${page}.gz DEPENDS man/${page} VERBATIM
                           COMMAND ${GZIP} -9nc ${CMAKE_CURRENT_SOURCE_DIR}/man/${page} > ${page}.gz)
        install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
                COMPONENT ${component})
        list(APPEND made ${page}.gz)
    endforeach()
    add_custom_target(${component}-manual ALL DEPENDS ${made})
endfunction()
argo_manual(argo-patch argo-patch.1 argo-patch.conf.5 argo-patchd.8)
argo_manual(argo-guest argo-cat.1)

foreach(pair IN ITEMS argopatch:libargopatch1 argopatch-dev:libargopatch-dev argo-patch:argo-patch argo-guest:argo-guest)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 component)
    list(GET pair 1 package)
    install(FILES debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endforeach()
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/argo-patch COMPONENT argo-patch)
