# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages made of what is installed, one a component: `cpack -G DEB` in the build folder writes them.

# Debian wants a list of changes in each package.
file(CONFIGURE OUTPUT changelog CONTENT "xsmc (${PROJECT_VERSION}) unstable; urgency=low

  * Made from the project's own tree, whose history says what has changed.

 -- The xsmc maintainers <xsmc@example.org>  Sun, 01 Nov 2026 00:00:00 +0000
" @ONLY)
execute_process(COMMAND gzip -9nf changelog WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
function(package_changelog component package)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz DESTINATION share/doc/${package} COMPONENT ${component})
endfunction()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")    # it is the first line of each description
set(CPACK_PACKAGE_CONTACT "The xsmc maintainers <xsmc@example.org>")
set(CPACK_COMPONENTS_ALL xsmc dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

package_changelog(xsmc xsmc)
set(CPACK_DEBIAN_XSMC_PACKAGE_NAME xsmc)
set(CPACK_DEBIAN_XSMC_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_XSMC_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_XSMC_PACKAGE_DEPENDS m4)       # reads policies in the checkpolicy dialect
set(CPACK_COMPONENT_XSMC_DESCRIPTION "${PROJECT_DESCRIPTION}
From one declarative database of hooks xsmc makes the dummy policy, the
plumbing and the Flask hooks of the hypervisor, and checks, derives, compiles
and proves Flask policies against it.")

package_changelog(dev libxsmc-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libxsmc-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libsepol-dev, libtree-sitter-dev")
if(XENCALL AND XENTOOLCORE AND XENTOOLLOG)
    string(APPEND CPACK_DEBIAN_DEV_PACKAGE_DEPENDS ", libxen-dev")
endif()
set(CPACK_COMPONENT_DEV_DESCRIPTION "Library of the policy compiler for Xen's security modules
The static library libxsmc, of which the command xsmc is made, with its
headers: databases, policies, their analysis and what is generated of them.")

# Without libxen-dev there are no tools for Argo.
if(TARGET argopatch)
    include(argo/packages.cmake)
endif()
include(CPack)
