"""The package that is deployed: the app's own files, and the locked packages, made for Azure.

    python -m infra.package FOLDER

`azd` and Core Tools make their own from the same files; what this one leaves out besides, and the
bytecode that it carries, is what a start in Azure would have to read and to compile in vain.
"""
